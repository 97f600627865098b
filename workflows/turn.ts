import { CancellationScope, condition, isCancellation, log, rootCause } from '@temporalio/workflow';
import type { Stopped } from '../activities/stopping.ts';
import type { Sentence } from '../activities/telling.ts';
import type { ToolOutcome, Turn, TurnOutcome } from '../activities/turn.ts';
import type { ActionId } from '../contracts/actions.ts';
import type { ConversationState } from './conversation-state.ts';
import { runEffect, SENTENCE_OF } from './effect.ts';
import { showWait } from './operator-view.ts';
import type { Went } from './patience.ts';
import { bookkeeping, fast, gate, hasTime, persistent, queued, telling } from './proxies.ts';

/** Attempts of one turn that may be overtaken before it counts as failed: each means a lost log or a second worker. */
const MAX_SUPERSEDED = 10;

/**
 * Before a turn that was overtaken is tried again, or given to people once more, its workflow task ends, so that the server says
 * whether this is still the worker that has it, and so that whoever raised the fence is heard. One that was frozen and woke up is
 * told no here, instead of overtaking the one that replaced it. Temporal's timers may fire up to a second late.
 */
const YIELD_MS = 100;

/** Where a turn stands, and what is said when there is no way to an answer. */
type Way = { turn: Turn; sentence: Sentence; isValuable?: true };

/**
 * Takes a turn to its end, whatever happens on the way: final, escalated, stopped or failed. The only place that awaits
 * what a customer waits for.
 */
export const takeTurn = async (state: ConversationState, turn: Turn, sentence: Sentence = 'failed'): Promise<void> => {
  const way: Way = { turn, sentence };
  try {
    if (await answered(state, way)) return;
  } catch (error) {
    // Whatever an activity failed with must not fail the conversation with it.
    if (isCancellation(error)) throw error;
    log.warn('the turn could not be answered', { turn: turn.turn, cause: rootCause(error) });
  }
  if (changedHands(state, way.turn)) return;
  await tell(state, way.turn, way.sentence);
  state.ended('wrong');
};

/** `false`: there is no way to an answer. */
const answered = async (state: ConversationState, way: Way): Promise<boolean> => {
  for (let superseded = 0; superseded < MAX_SUPERSEDED && hasTime(way.turn); ) {
    const { turn } = way;
    if (changedHands(state, turn)) return true;
    let outcome: TurnOutcome | Stopped = await reply(state, turn);
    if (outcome.kind === 'halted') outcome = await bookkeeping.stopTurn(turn);
    switch (outcome.kind) {
      case 'ended':
        if (outcome.instead) {
          await tell(state, state.beginAgain(turn, outcome.instead), way.sentence);
          return true;
        }
        state.giveBack(turn, outcome.unanswered);
        state.intent.understood(outcome.intent);
        state.ended(wentOf(turn, outcome));
        if (way.isValuable) state.handOff('value');
        return true;
      case 'tools':
        await callTools(state, way, outcome.calls);
        break;
      case 'handoff':
        if (outcome.again && (await condition(() => state.isOver(turn), YIELD_MS))) break;
        state.intent.understood(outcome.intent);
        if (state.handOff(outcome.reason)) break;
        await tell(state, turn, 'handoff');
        return true;
      case 'superseded':
        superseded += 1;
        await condition(() => state.isOver(turn), YIELD_MS);
        break;
      case 'unavailable':
        return false;
    }
  }
  return false;
};

const wentOf = ({ called }: Turn, { groundless }: { groundless?: true }): Went => {
  if (called.length > 0 && called.every(({ ok }) => !ok)) return 'wrong';
  return groundless ? 'groundless' : 'well';
};

/** Whether the turn is over because somebody else has the conversation now. It is closed when that is told. */
const changedHands = (state: ConversationState, turn: Turn): boolean => {
  if (!state.isOver(turn)) return false;
  state.leaveOpen(turn);
  return true;
};

/** Fast path first; when what it needs is absent, the same again through the queue, for as long as the turn may take. */
const reply = async (state: ConversationState, turn: Turn): Promise<TurnOutcome> => {
  const outcome = await fast(turn).reply(turn);
  if (outcome.kind !== 'unavailable') return outcome;
  showWait(state, { for: outcome.cause, until: turn.deadline });
  const { cause, retryAfterMs: pauseMs } = outcome;
  // Whoever takes over does not wait for a model that is away: what the activity still says is refused by the log.
  const watch = new CancellationScope();
  const takenOver = watch.run(() => condition(() => state.isOver(turn)));
  try {
    return await Promise.race([
      queued(turn, cause).reply(pauseMs === undefined ? turn : { ...turn, pauseMs }),
      takenOver.then((): TurnOutcome => ({ kind: 'superseded' })),
    ]);
  } finally {
    watch.cancel();
  }
};

/**
 * One after the other, in the order the model wrote them. What changes something is an activity of its own, and none is begun
 * once the conversation has changed hands.
 */
const callTools = async (
  state: ConversationState,
  way: Way,
  calls: { call: number; name: string }[],
): Promise<void> => {
  const { turn } = way;
  const called: ToolOutcome[] = [];
  const changed: ActionId[] = [];
  for (const { call, name } of calls) {
    if (state.isOver(turn)) break;
    const outcome = await gate(turn).callTool({ ...turn, messages: [], called: [] }, call);
    let ok = outcome.kind !== 'answered' || outcome.ok;
    if (outcome.kind === 'proposed') {
      state.actions.propose(outcome.proposed);
      changed.push(outcome.proposed.id);
      if (outcome.proposed.isValuable) way.isValuable = true;
    } else if (outcome.kind === 'effect') {
      const end = await runEffect(turn, { turn: turn.turn, call });
      state.actions.ended(end);
      way.sentence = SENTENCE_OF[end.state] ?? way.sentence;
      changed.push(end.id, ...(end.undid === undefined ? [] : [end.undid]));
      ok = end.ok;
    }
    called.push({ call, name, ok });
  }
  way.turn = { ...turn, round: turn.round + 1, called, changed, undoable: state.actions.undoable(Date.now()) };
};

/** Ends a turn with a fixed sentence, and sees to it that it is recorded when Postgres is back. */
export const tell = async (state: ConversationState, turn: Turn, sentence: Sentence): Promise<void> => {
  try {
    const told = await telling.tell(turn, sentence);
    if (told.kind === 'ended' && told.instead) return await tell(state, state.beginAgain(turn, told.instead), sentence);
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
        if (told.kind === 'ended' && told.instead) record(state, state.beginAgain(turn, told.instead), sentence);
        if (told.kind === 'ended') state.giveBack(turn, told.unanswered);
        state.recorded(turn);
      },
      (error: unknown) => log.error('a turn could not be recorded', { turn: turn.turn, cause: rootCause(error) }),
    );
};
