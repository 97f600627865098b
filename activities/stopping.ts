import { randomUUID } from 'node:crypto';
import type { Actions } from '../store/actions.ts';
import type { Turns } from '../store/turns.ts';
import type { EventWriter } from '../stream/event-log.ts';
import { assistantMessage, cardsOf, show } from './show.ts';
import { createShown, type ShownLog } from './shown.ts';
import { goneTo, left, said, type Turn, type TurnOutcome } from './turn.ts';

export type StoppingDeps = { events: EventWriter; actions: Actions; log: ShownLog; turns: Turns };

export type Stopped = Extract<TurnOutcome, { kind: 'ended' | 'superseded' }>;

export const createStoppingActivities = ({ events, log, turns, actions }: StoppingDeps) => {
  const shownOf = createShown(log);
  return {
    /**
     * Ends a halted turn with what the customer saw of it, word for word. A reply that was written before the halt stays
     * whole. Safe to run again. Rejects with `StoreUnavailable` or `StreamUnavailable`: a stop that cannot be written down is
     * tried again rather than answered with other words.
     */
    async stopTurn(turn: Turn): Promise<Stopped> {
      const shown = await shownOf(turn);
      const cards = await cardsOf(actions, turn);
      const draft = await events.open(turn.conversationId, turn, {
        once: said(turn).map((message) => ({ type: 'message.added', message })),
        always: () => cards,
        closing: true,
      });
      const claim = typeof draft === 'string' ? { ...turn, generation: randomUUID(), attempt: 1 } : draft;
      const claimed = await turns.claim(claim, said(turn), turn.round);
      if (claimed.kind === 'refused') return { kind: 'superseded' };
      const stopped = assistantMessage(turn.turn, shown, 'stopped');
      if (claimed.kind === 'claimed' && !(await turns.finish(claim, { ...stopped, end: 'stopped', sources: [] })))
        return { kind: 'superseded' };
      const reply = claimed.kind === 'ended' ? claimed.reply : stopped;
      if (typeof draft !== 'string') await show(events, draft, reply);
      const end = reply.end ?? 'final';
      return {
        kind: 'ended',
        end,
        ...(claimed.kind === 'ended' ? { ...left(turn, claimed.answered), ...goneTo(turn, claimed.answered) } : {}),
      };
    },
  };
};
