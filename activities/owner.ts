import { randomUUID } from 'node:crypto';
import { isOpenAt, openSpans } from '../contracts/business-time.ts';
import type { Message, Owner } from '../contracts/events.ts';
import { type ConversationId, type Subject, verifiedCustomer } from '../contracts/ids.ts';
import { type Playbook, type SentenceName, sentence } from '../contracts/playbook.ts';
import type { SlaTerms } from '../contracts/sla.ts';
import type { Actions } from '../store/actions.ts';
import type { Handoffs } from '../store/handoffs.ts';
import type { Owners } from '../store/owners.ts';
import type { Turns } from '../store/turns.ts';
import type { EventWriter } from '../stream/event-log.ts';
import type { WorkflowMessages } from './desk-ports.ts';
import { assistantMessage, cardsOf, show } from './show.ts';
import { createShown, type ShownLog } from './shown.ts';
import { goneTo, said, type Turn } from './turn.ts';

export type OwnerDeps = {
  playbook: Playbook;
  events: EventWriter;
  log: ShownLog;
  turns: Turns;
  owners: Owners;
  handoffs: Handoffs;
  messages: WorkflowMessages;
  actions: Actions;
};

/** A change of owner as the workflow decided it. */
export type OwnerChange = {
  conversationId: ConversationId;
  owner: Subject;
  language?: string;
  term: number;
  /** The last turn begun. */
  turn: number;
  at: number;
  /** What the customer wants, where that could be told. */
  intent?: string;
  to: Owner;
  agent?: { id: string; name: string };
  leave?: { desk: string; how: 'resolved' | 'givenBack' | 'moved' };
  queue?: { reason: string; desk?: string; wish?: string; sticky?: string; priority: number };
  givenUp?: { as: 'ticket' | 'assistant'; why: 'waited' | 'closed' };
  /** The highest term decided by now: what the log is opened with, since its fence may be higher than this change. */
  fence: number;
  /** A turn that this cuts off: it ends with what was shown of it, and with what the customer is told now. */
  closing?: Turn;
};

/**
 * What became of a turn that a change cut off. `isClosed: false`: written, and to be shown by the next owner. With `instead`
 * (`goneTo`) nothing of it was said.
 */
type Closed = { isClosed: boolean; instead?: string[] };

type Desk = Playbook['desks'][number];

const GIVEN_UP = { ticket: 'ticketOpened', assistant: 'nobodyCame' } as const;

const DAY = 86_400_000;

export const createOwnerActivities = (deps: OwnerDeps) => {
  const { playbook, events, turns, owners, handoffs, messages } = deps;
  const shownOf = createShown(deps.log);

  const intentOf = (name: string | undefined) => playbook.intents.find((intent) => intent.name === name);

  /** A desk that the playbook does not have (any more) must not swallow anybody: then it is the next best. */
  const deskOf = ({ queue, intent }: OwnerChange): Desk | undefined => {
    const always = playbook.intents.find(({ name }) => `intent:${name}` === queue?.reason);
    const wanted = [queue?.desk, always?.desk, intentOf(intent)?.desk, playbook.handoff.desk];
    return wanted.flatMap((name) => playbook.desks.find((desk) => desk.name === name) ?? [])[0];
  };

  /** Which of the fixed sentences the customer is told with the change, if any. */
  const sentenceOf = ({ queue, givenUp, at }: OwnerChange, desk: Desk | undefined): SentenceName | undefined => {
    if (givenUp) return GIVEN_UP[givenUp.as];
    if (!queue || !desk) return undefined;
    if (isOpen(desk, at)) return 'handoff';
    return desk.whenClosed === 'wait' ? 'closedForNow' : GIVEN_UP[desk.whenClosed];
  };

  const isOpen = (desk: Desk, at: number): boolean =>
    isOpenAt(openSpans(desk.hours ?? playbook.hours, playbook.company.timezone, at - DAY, 3), at);

  /** Ends the turn that was cut off, in the new term, and shows how it ended. */
  const close = async (change: OwnerChange, turn: Turn, told: SentenceName | undefined): Promise<Closed> => {
    const shown = await shownOf(turn);
    const words = told ? sentence(playbook, told, change.language) : '';
    const text = [shown.trimEnd(), words].filter(Boolean).join('\n\n');
    // An effect that was under way when the conversation changed hands is done, and shown.
    const cards = await cardsOf(deps.actions, turn);
    const draft = await events.open(
      change.conversationId,
      { ...turn, term: change.fence },
      {
        once: said(turn).map((message) => ({ type: 'message.added', message })),
        always: () => cards,
        closing: true,
      },
    );
    const term = { term: change.term };
    const claim =
      typeof draft === 'string' ? { ...turn, ...term, generation: randomUUID(), attempt: 1 } : { ...draft, ...term };
    const claimed = await turns.claim(claim, said(turn), turn.round);
    if (claimed.kind === 'refused') return { isClosed: false };
    const ending: Message = assistantMessage(turn.turn, text, 'escalated');
    if (claimed.kind === 'claimed' && !(await turns.finish(claim, { ...ending, end: 'escalated', sources: [] })))
      return { isClosed: false };
    const reply = claimed.kind === 'ended' ? claimed.reply : ending;
    return {
      isClosed: typeof draft !== 'string' && (await show(events, draft, reply)),
      ...(claimed.kind === 'ended' ? goneTo(turn, claimed.answered) : {}),
    };
  };

  return {
    /**
     * Tells everybody of a change of owner: Postgres, so that nothing of an earlier term is recorded any more; the customer; the desk.
     * What an agent must know is gathered before the desk hears of it. Safe to run again on any line, also much later: whatever
     * is of an earlier term by then is refused by those it is told to.
     *
     * Rejects with `StoreUnavailable` or `StreamUnavailable`, or with what Temporal's client says.
     *
     * @returns the desk that it waits at, and what became of the turn that was cut off; `foretold` where the customer knows already
     * what the desk is going to say, because it is closed
     */
    async changeOwner(change: OwnerChange): Promise<{ desk?: string; sla?: SlaTerms; foretold?: true } & Closed> {
      const { conversationId, term, fence, to, agent, leave, queue } = change;
      const desk = queue && deskOf(change);
      await owners.change({
        conversationId,
        term,
        heldBy: to,
        agent: to === 'agent' ? (agent?.id ?? null) : null,
        desk: desk?.name ?? null,
      });
      const closed = change.closing
        ? await close(change, change.closing, sentenceOf(change, desk))
        : { isClosed: true };
      const changed = { type: 'owner.changed' as const, owner: to, term, ...(agent?.name ? { by: agent.name } : {}) };
      await events.open(
        conversationId,
        { term: fence, turn: change.turn },
        { once: [], always: () => [changed], closing: true },
      );
      if (leave) await messages.conversationLeft(leave.desk, { conversationId, term, how: leave.how });
      if (!queue || !desk) return closed;
      await handoffs.prepare({
        ...{ conversationId, term, desk: desk.name, reason: queue.reason },
        ...{ language: change.language ?? null, customer: verifiedCustomer(change.owner) },
        intent: intentOf(change.intent) ?? null,
      });
      await messages.handOff(desk.name, {
        ...{ conversationId, term, reason: queue.reason, priority: queue.priority, at: change.at },
        ...{ language: spokenAt(desk, change.language), skills: [], weight: 1 },
        ...(queue.wish ? { wish: queue.wish } : {}),
        ...(queue.sticky ? { sticky: queue.sticky } : {}),
      });
      const foretold = change.closing && desk.whenClosed !== 'wait' && !isOpen(desk, change.at);
      return {
        ...closed,
        desk: desk.name,
        sla: termsOf(playbook, desk, change.at),
        ...(foretold ? { foretold } : {}),
      };
    },
  };
};

/** How far ahead the clocks of a conversation know the desk's hours; beyond that all time counts. */
const SLA_DAYS = 14;

const termsOf = ({ sla, hours, company }: Playbook, desk: Playbook['desks'][number], at: number): SlaTerms => {
  const { firstReply, nextReply, resolution } = sla;
  return {
    targets: { firstReply, nextReply, resolution },
    open: openSpans(desk.hours ?? hours, company.timezone, at, SLA_DAYS),
  };
};

/** The customer's language where the desk speaks it, else its first: a person who cannot read it is better than nobody. */
export const spokenAt = ({ languages }: Playbook['desks'][number], wanted: string | undefined): string => {
  const base = wanted?.split('-')[0];
  return languages.find((code) => code.split('-')[0] === base)?.split('-')[0] ?? languages[0] ?? 'en';
};
