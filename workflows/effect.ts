import { isCancellation } from '@temporalio/workflow';
import type { EffectEnd } from '../activities/effects.ts';
import type { Sentence } from '../activities/telling.ts';
import type { Turn } from '../activities/turn.ts';
import type { EffectState } from '../contracts/actions.ts';
import { bookkeeping, effectOf, persistent } from './proxies.ts';

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
    return await effectOf(turn, of).runEffect(lean, of);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return surely(`effect ${of.turn}.${of.call} given up`, (at) => at.giveUpEffect(lean, of));
  }
};

type At = Pick<
  typeof bookkeeping,
  'approveAction' | 'reviseAction' | 'requestApproval' | 'closeAction' | 'giveUpEffect'
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
