import { isCancellation, log, rootCause } from '@temporalio/workflow';
import type { EffectEnd } from '../activities/effects.ts';
import type { Sentence } from '../activities/telling.ts';
import type { Turn } from '../activities/turn.ts';
import { actionIdOf } from '../contracts/action-ids.ts';
import type { EffectState } from '../contracts/actions.ts';
import { bookkeeping, effectOf, givingUp, hasTimeForEffect, persistent } from './proxies.ts';

/** What is said of an effect where the model cannot be reached to say it. */
export const SENTENCE_OF: Partial<Record<EffectState, Sentence>> = {
  done: 'actionDone',
  undone: 'actionDone',
  unknown: 'actionUnknown',
  intended: 'actionUnknown',
  awaiting_approval: 'actionWaits',
};

/** One effect, one activity: its scheduling makes the decision durable before anything happens outside. */
export const runEffect = async (turn: Turn, of: { turn: number; call: number }): Promise<EffectEnd> => {
  const lean = { ...turn, messages: [], called: [] };
  try {
    if (hasTimeForEffect(turn)) return await effectOf(turn, of).runEffect(lean, of);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
  return givenUp(lean, of);
};

/** Its customer waits no longer than a turn may take: what cannot be recorded until then is unknown, and recorded later. */
const givenUp = async (turn: Turn, of: { turn: number; call: number }): Promise<EffectEnd> => {
  try {
    return await givingUp(turn).giveUpEffect(turn, of);
  } catch (error) {
    if (isCancellation(error)) throw error;
    persistent(`effect ${of.turn}.${of.call} given up`)
      .giveUpEffect(turn, of)
      .catch((cause: unknown) => log.error('an effect has no end yet', { ...of, cause: rootCause(cause) }));
    return { id: actionIdOf(of), state: 'unknown', ok: false };
  }
};

type At = Pick<
  typeof bookkeeping,
  'approveAction' | 'reviseAction' | 'requestApproval' | 'closeAction' | 'tellSettled'
>;

/** At once, or when Postgres is back: a decision that was acknowledged is not lost. */
export const surely = async <T>(summary: string, work: (at: At) => Promise<T>): Promise<T> => {
  try {
    return await work(bookkeeping);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return work(persistent(summary));
  }
};
