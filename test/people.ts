import { randomBytes } from 'node:crypto';
import { QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { ConsoleNews } from '../contracts/console-frames.ts';
import type { Release } from '../contracts/conversation.ts';
import type { AgentProfile, AgentStatus } from '../contracts/desk.ts';
import * as names from '../contracts/names.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { CarriedDesk } from '../workflows/desk-records.ts';
import type { Engine } from './engine.ts';
import { testPlaybook } from './playbook.ts';

const day = [{ from: 0, to: 1_440 }];

export const ALWAYS: Playbook['hours'] = {
  week: { monday: day, tuesday: day, wednesday: day, thursday: day, friday: day, saturday: day, sunday: day },
  holidays: [],
};

/** A company with one desk that no other test has, always open; the workflows of desks outlive the tests. */
export const companyWithDesk = (change: Partial<Playbook> = {}, rules: Partial<Playbook['desks'][number]> = {}) => {
  const desk = `d${randomBytes(6).toString('hex')}`;
  const { playbook } = testPlaybook();
  const [first] = playbook.desks;
  if (!first) throw new Error('the test playbook has no desk');
  const loaded = testPlaybook({
    desks: [{ ...first, name: desk, ...rules }],
    hours: ALWAYS,
    ...change,
    handoff: { ...playbook.handoff, ...change.handoff, desk },
  });
  return { desk, loaded };
};

let seq = 0;
let commands = 0;

type AtDesk = Pick<Engine, 'client' | 'offers' | 'owners'>;

/** A person at a desk, who does over Temporal and Postgres what the gateway will do for them. */
export const agentAt = (engine: AtDesk, desk: string, profile: Partial<AgentProfile> = {}) => {
  const id = profile.id ?? `agent-${randomBytes(4).toString('hex')}`;
  const agent: AgentProfile = { id, name: 'Ann', skills: [], languages: ['en'], capacity: 3, ...profile };
  const { workflow } = engine.client;
  const person = {
    id,

    become: (status: Exclude<AgentStatus, 'wrapUp'>) =>
      workflow.signalWithStart(names.desk, {
        workflowId: names.deskWorkflowId(desk),
        taskQueue: names.deskQueue,
        args: [desk],
        signal: names.agentChanged,
        signalArgs: [{ agent, status, seq: ++seq }],
      }),

    async offer(withinMs = 15_000) {
      for (const until = Date.now() + withinMs; Date.now() < until; ) {
        const [first] = await engine.offers.openFor(id);
        if (first) return first;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no offer for ${id} in ${withinMs} ms`);
    },

    /** Again under the same command id, as any client has to, where the desk was just going on in a new run. */
    async answer(offer: number, answer: 'accept' | 'decline', commandId = `command-${++commands}-${id}`) {
      const handle = workflow.getHandle(names.deskWorkflowId(desk));
      const command = { args: [{ commandId, agent: id, offer, answer }] as [object], updateId: commandId };
      for (let attempt = 1; ; attempt += 1)
        try {
          return await handle.executeUpdate<void, [object]>(names.answerOffer, command);
        } catch (error) {
          if (attempt === 5 || !(error instanceof ServiceError)) throw error;
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
    },

    /** Takes the next offer. */
    async accept() {
      const offer = await person.offer();
      await person.answer(offer.offer, 'accept');
      return offer;
    },

    say: (conversationId: string, clientMessageId: string, text: string) =>
      workflow.getHandle(conversationId).signal(names.agentMessage, {
        ...{ clientMessageId, agent: id, by: agent.name, text },
        at: new Date().toISOString(),
      }),

    async release(conversationId: string, how: 'giveBack' | 'resolve' | 'transfer', to: Partial<Release> = {}) {
      const owned = await engine.owners.of(conversationId);
      return workflow.getHandle(conversationId).executeUpdate<number, [object]>(names.releaseConversation, {
        args: [{ agent: id, term: owned?.term ?? 0, how, ...to }],
      });
    },
  };
  return person;
};

/** The same person with an open console. */
export const personAt = (engine: Engine, desk: string, profile: Partial<AgentProfile> = {}) => {
  const agent = agentAt(engine, desk, profile);
  return {
    ...agent,

    /** Everything that this person sees of a conversation. */
    view: (conversationId: string) => engine.views.view({ id: agent.id, role: 'agent', desks: [desk] }, conversationId),

    /** What this person's open console is told from now on. */
    async news() {
      const all: ConsoleNews[] = [];
      await engine.consoles.listen({ agent: agent.id, desks: [] }, { onNews: (one) => all.push(one), onGap: () => {} });
      return all;
    },
  };
};

/** A desk that has only just been started answers no question yet, and none whose worker has just died. */
export const deskOf = async (engine: Pick<Engine, 'client'>, desk: string): Promise<CarriedDesk> => {
  for (const until = Date.now() + 10_000; ; )
    try {
      return await engine.client.workflow.getHandle(names.deskWorkflowId(desk)).query<CarriedDesk>(names.deskState);
    } catch (error) {
      const kinds = [QueryNotRegisteredError, WorkflowNotFoundError, ServiceError];
      if (Date.now() > until || !kinds.some((kind) => error instanceof kind)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
};
