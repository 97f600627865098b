import { isCancellation, log, rootCause, sleep } from '@temporalio/workflow';
import type { Stopped } from '../activities/stopping.ts';
import type { Sentence } from '../activities/telling.ts';
import type { ToolOutcome, Turn, TurnOutcome } from '../activities/turn.ts';
import type { ConversationState } from './conversation-state.ts';
import { showWait } from './operator-view.ts';
import { bookkeeping, fast, persistent, queued } from './proxies.ts';

/** Attempts of one turn that may be overtaken before it counts as failed: each means a lost log or a second worker. */
const MAX_SUPERSEDED = 10;

/**
 * Before a turn that was overtaken is tried again, its workflow task ends, so that the server says whether this is still the
 * worker that has it. One that was frozen and woke up is told no here, instead of overtaking the one that replaced it. Temporal's
 * timers may fire up to a second late.
 */
const YIELD_MS = 100;

/**
 * Takes a turn to its end, whatever happens on the way: final, escalated, stopped or failed. The only place that awaits
 * what a customer waits for.
 */
export const takeTurn = async (state: ConversationState, turn: Turn): Promise<void> => {
  try {
    if (await answered(state, turn)) return;
  } catch (error) {
    // Whatever an activity failed with must not fail the conversation with it.
    if (isCancellation(error)) throw error;
    log.warn('the turn could not be answered', { turn: turn.turn, cause: rootCause(error) });
  }
  await tell(state, turn, 'failed');
};

/** `false`: there is no way to an answer. */
const answered = async (state: ConversationState, opened: Turn): Promise<boolean> => {
  let turn = opened;
  for (let superseded = 0; superseded < MAX_SUPERSEDED; ) {
    let outcome: TurnOutcome | Stopped = await reply(state, turn);
    if (outcome.kind === 'halted') outcome = await bookkeeping.stopTurn(turn);
    switch (outcome.kind) {
      case 'ended':
        state.giveBack(turn, outcome.unanswered);
        return true;
      case 'tools':
        turn = { ...turn, round: turn.round + 1, called: await callTools(turn, outcome.calls) };
        break;
      case 'superseded':
        superseded += 1;
        await sleep(YIELD_MS);
        break;
      case 'unavailable':
        return false;
    }
  }
  return false;
};

/** Fast path first; when what it needs is absent, the same again through the queue, for as long as the turn may take. */
const reply = async (state: ConversationState, turn: Turn): Promise<TurnOutcome> => {
  const outcome = await fast.reply(turn);
  if (outcome.kind !== 'unavailable') return outcome;
  showWait(state, { for: outcome.cause, until: turn.deadline });
  const { cause, retryAfterMs: pauseMs } = outcome;
  return queued(turn, cause).reply(pauseMs === undefined ? turn : { ...turn, pauseMs });
};

/** One after the other, in the order the model wrote them. */
const callTools = async (turn: Turn, calls: { call: number; name: string }[]): Promise<ToolOutcome[]> => {
  const called: ToolOutcome[] = [];
  for (const { call, name } of calls) {
    called.push({ call, name, ok: await bookkeeping.callTool({ ...turn, messages: [], called: [] }, call) });
  }
  return called;
};

/** Ends a turn with a fixed sentence, and sees to it that it is recorded when Postgres is back. */
export const tell = async (state: ConversationState, turn: Turn, sentence: Sentence): Promise<void> => {
  try {
    const told = await fast.tell(turn, sentence);
    if (told.kind === 'ended') state.giveBack(turn, told.unanswered);
    if (told.kind === 'superseded' || told.recorded) return;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.error('the customer could not be told', { turn: turn.turn, sentence, cause: rootCause(error) });
  }
  record(state, turn, sentence);
};

/** Writes a turn down in the background, for as long as Postgres is away; the conversation goes on meanwhile. */
export const record = (state: ConversationState, turn: Turn, sentence: Sentence): void => {
  state.leaveUnrecorded(turn, sentence);
  persistent(`turn ${turn.turn}: record what the customer was told (${sentence})`)
    .tell(turn, sentence)
    .then(
      (told) => {
        if (told.kind === 'ended') state.giveBack(turn, told.unanswered);
        state.recorded(turn);
      },
      (error: unknown) => log.error('a turn could not be recorded', { turn: turn.turn, cause: rootCause(error) }),
    );
};
