import { openSpans } from '../contracts/business-time.ts';
import type { DeskEffect, DeskPolicy, EffectResult } from '../contracts/desk-work.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { Offers } from '../store/offers.ts';
import type { Owners } from '../store/owners.ts';
import type { EventWriter } from '../stream/event-log.ts';
import { within } from './deadline.ts';
import type { AgentChannel, WorkflowMessages } from './desk-ports.ts';

export type DeskDeps = {
  playbook: Playbook;
  events: EventWriter;
  offers: Offers;
  owners: Owners;
  messages: WorkflowMessages;
  agents: AgentChannel;
};

/** How far ahead a desk knows its hours; it asks again every hour in which something happens. */
const DAYS_AHEAD = 35;

/** One effect that takes longer must not keep the desk waiting: what it becomes of is asked for again, milliseconds. */
const PATIENCE_MS = 2_000;

export const createDeskActivities = (deps: DeskDeps) => {
  const { playbook, agents, offers, messages, events, owners } = deps;

  /**
   * The takeover. The fence of the log first: from here on the assistant cannot say a word, and a reply in flight is dropped, so
   * that its workflow can hear of the rest. Then the conversation is told, in a way that nobody can lose; whatever it is doing,
   * nobody waits for it. The fence of the record last: nothing of an earlier term is written or begun any more, and whoever
   * asked for it may be told that it is theirs. Each is safe to run again.
   */
  const take = async (desk: string, { conversationId, term, agent, name }: Extract<DeskEffect, { kind: 'take' }>) => {
    const next = term + 1;
    await events.raise(conversationId, next);
    if (!(await messages.accept(conversationId, { agent, by: name, term, desk }))) {
      await owners.raise(conversationId, next);
      return null;
    }
    await owners.change({ conversationId, term: next, heldBy: 'agent', agent, desk });
    return next;
  };

  const carryOut = async (desk: string, effect: DeskEffect): Promise<EffectResult> => {
    const done = (isHeard: boolean): EffectResult => ({ id: effect.id, result: isHeard ? 'done' : 'left' });
    switch (effect.kind) {
      case 'offer': {
        const { id: _, kind, ...offer } = effect;
        await offers.open({ desk, ...offer });
        const { agent, conversationId, reason, until } = offer;
        await agents.publish(agent, { type: 'offer.opened', desk, offer: offer.offer, conversationId, reason, until });
        return done(true);
      }
      case 'withdraw':
        await offers.close(desk, effect.offer, effect.why);
        await agents.publish(effect.agent, { type: 'offer.closed', desk, offer: effect.offer, why: effect.why });
        return done(true);
      case 'status':
        await agents.publish(effect.agent, { type: 'status.changed', desk, status: effect.status });
        return done(true);
      case 'take': {
        const term = await take(desk, effect);
        return term === null ? done(false) : { id: effect.id, result: 'taken', term };
      }
      case 'return':
        return done(
          await messages.deskDecided(effect.conversationId, { kind: 'return', term: effect.term, agent: effect.agent }),
        );
      case 'giveUp':
        return done(
          await messages.deskDecided(effect.conversationId, {
            kind: 'giveUp',
            term: effect.term,
            as: effect.as,
            why: effect.why,
          }),
        );
      case 'overflow':
        return done(
          await messages.deskDecided(effect.conversationId, { kind: 'overflow', term: effect.term, desk: effect.desk }),
        );
      case 'position': {
        const { conversationId, term, position, expectedMs } = effect;
        await owners.place(conversationId, term, { position, expectedMs });
        await events.announce(conversationId, term, [{ type: 'queue.changed', position, expectedMs }]);
        return done(true);
      }
    }
  };

  return {
    /**
     * What the playbook says of a desk, with its open hours from now on as absolute time. `null`: it has no such desk (any more),
     * so the workflow of that name can be terminated once nobody is with its agents.
     */
    async openDesk(name: string, now: number): Promise<DeskPolicy | null> {
      const desk = playbook.desks.find((one) => one.name === name);
      if (!desk) return null;
      const { overflow, maxWait } = desk;
      return {
        ...{ ringMs: desk.ring, restMs: desk.rest, missesUntilAway: desk.missesUntilAway, wrapUpMs: desk.wrapUp ?? 0 },
        ...{
          firstReplyMs: playbook.sla.firstReply,
          agingMs: desk.aging,
          relaxMs: desk.relax,
          handleMs: desk.handleTime,
        },
        ...(overflow ? { overflow: { afterMs: overflow.after, desk: overflow.desk } } : {}),
        ...(maxWait ? { maxWait: { afterMs: maxWait.after, as: maxWait.as } } : {}),
        whenClosed: desk.whenClosed,
        open: openSpans(desk.hours ?? playbook.hours, playbook.company.timezone, now, DAYS_AHEAD),
      };
    },

    /** Does what a desk wants done, all of it side by side. What failed or took too long is not in the result, and safe to ask for again. */
    async carryOut(desk: string, effects: readonly DeskEffect[]): Promise<EffectResult[]> {
      const results = await Promise.allSettled(effects.map((effect) => within(PATIENCE_MS, carryOut(desk, effect))));
      return results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
    },

    /** One of them, for as long as it takes: rejects so that Temporal tries again. */
    async carryOutOne(desk: string, effect: DeskEffect): Promise<EffectResult> {
      return carryOut(desk, effect);
    },
  };
};
