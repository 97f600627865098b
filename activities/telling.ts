import { randomUUID } from 'node:crypto';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { ConversationStart, CustomerMessage } from '../contracts/conversation.ts';
import type { DeskEvent, ReplyEnd } from '../contracts/events.ts';
import { FAILURE } from '../contracts/failures.ts';
import { type Playbook, sentence as spoken } from '../contracts/playbook.ts';
import type { Actions } from '../store/actions.ts';
import { StoreUnavailable } from '../store/database.ts';
import type { Turns } from '../store/turns.ts';
import { StreamUnavailable } from '../stream/connection.ts';
import type { EventWriter } from '../stream/event-log.ts';
import { assistantMessage, cardsOf, show } from './show.ts';
import { goneTo, left, said, type Turn } from './turn.ts';

type TellingDeps = { playbook: Playbook; events: EventWriter; turns: Turns; actions: Actions };

/** Fixed sentences that are a turn of their own, and how such a turn counts as ended. */
const ENDS = {
  failed: 'failed',
  idleWarning: 'final',
  idleClosed: 'final',
  actionDone: 'final',
  actionFailed: 'final',
  actionUnknown: 'final',
  actionWaits: 'final',
  handoff: 'final',
} as const satisfies Record<string, ReplyEnd>;

export type Sentence = keyof typeof ENDS;

/**
 * `recorded: false`: the customer was told if the log could be reached, but Postgres does not know of the turn yet. With `instead`
 * (`goneTo`) they were not.
 */
export type Told =
  | { kind: 'ended'; recorded: boolean; unanswered?: string[]; instead?: string[] }
  | { kind: 'superseded' };

export const createTellingActivities = ({ playbook, events, turns, actions }: TellingDeps) => ({
  /**
   * Ends a turn with one of the playbook's fixed sentences. Safe to run again. Neither Redis nor Postgres has to be there:
   * what can be reached is told, and `recorded` says whether the transcript has it. As an activity with retries it is
   * `StoreUnavailable` until it does.
   */
  async tell(turn: Turn, sentence: Sentence): Promise<Told> {
    const end = ENDS[sentence];
    const message = assistantMessage(turn.turn, spoken(playbook, sentence, turn.language), end);
    const cards = await unlessAbsent(StoreUnavailable, cardsOf(actions, turn));
    const opening = { ...openingOf(turn), always: () => (cards === 'absent' ? [] : cards) };
    const draft = await unlessAbsent(StreamUnavailable, events.open(turn.conversationId, turn, opening));
    const open = typeof draft === 'string' ? undefined : draft;
    // A turn that the log has left behind, or that was never in it, is still written down under a draft of its own.
    const claim = open ?? { ...turn, generation: randomUUID(), attempt: 1 };
    const claimed = await unlessAbsent(StoreUnavailable, turns.claim(claim, said(turn), turn.round));
    if (claimed === 'absent') {
      if (!Context.current().info.isLocal)
        throw ApplicationFailure.create({ message: 'Postgres cannot be reached', type: FAILURE.storeUnavailable });
      if (open) await unlessAbsent(StreamUnavailable, show(events, open, message));
      return { kind: 'ended', recorded: false };
    }
    if (claimed.kind === 'refused') return { kind: 'superseded' };
    if (claimed.kind === 'claimed' && !(await turns.finish(claim, { ...message, end, sources: [] })))
      return { kind: 'superseded' };
    const reply = claimed.kind === 'ended' ? claimed.reply : message;
    if (open) await unlessAbsent(StreamUnavailable, show(events, open, reply));
    if (claimed.kind === 'claimed') return { kind: 'ended', recorded: true };
    return { kind: 'ended', recorded: true, ...left(turn, claimed.answered), ...goneTo(turn, claimed.answered) };
  },

  /**
   * Tells the customer that nothing can be reached, before the conversation has a record: as a notice of the first turn. In
   * a conversation whose log goes on from an earlier run it cannot be shown.
   */
  async sayUnavailable({ conversationId, language }: ConversationStart, waiting: readonly CustomerMessage[]) {
    const turn = { term: 0, turn: 1, messages: [...waiting] };
    const text = spoken(playbook, 'unavailable', language);
    const notice = { ...openingOf(turn), always: (): DeskEvent[] => [{ type: 'reply.delayed', turn: 1, text }] };
    await unlessAbsent(StreamUnavailable, events.open(conversationId, turn, notice));
  },
});

const openingOf = (turn: Pick<Turn, 'turn' | 'messages'>): Parameters<EventWriter['open']>[2] => ({
  once: said(turn).map((message) => ({ type: 'message.added', message })),
  always: () => [],
  closing: true,
});

const unlessAbsent = async <T>(kind: new (...args: never[]) => Error, work: Promise<T>): Promise<T | 'absent'> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof kind) return 'absent';
    throw error;
  }
};
