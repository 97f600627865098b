import { answerOf, type Call } from './answer.ts';
import { countTokens, type Delta, deltasOf, tokensOf, unitsOf } from './deltas.ts';
import type { Fault } from './faults.ts';
import { misbehave } from './misbehaviour.ts';
import type { Reading } from './prompt.ts';
import type { ChatRequest } from './request.ts';

/** How an answer ends: with a finish reason, or as a fault has it. */
export type Ending = 'stop' | 'tool_calls' | 'length' | 'hang' | 'cut' | 'reset';

/** An answer ready to be sent. */
export type Completion = {
  text: string;
  calls: (Call & { id: string })[];
  deltas: Delta[];
  ending: Ending;
  /** Deltas end inside characters. */
  split: boolean;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
};

/** The deltas after which a fault strikes when it does not say. */
const AFTER_TOKENS = 8;

const ENDINGS: Partial<Record<Fault['fault'], Ending>> = {
  hang_mid_stream: 'hang',
  cut: 'cut',
  reset: 'reset',
  length: 'length',
};

/** Answers a request, with the fault worked in. `number` makes the ids of calls unique over requests. */
export const complete = (
  request: ChatRequest,
  reading: Reading,
  fault: Fault | undefined,
  number: number,
): Completion => {
  const { text, calls: outgoing } = misbehave(answerOf(reading), fault, request);
  const calls = outgoing.map((call, at) => ({ ...call, id: call.id ?? `call_${number}_${at}` }));
  const split = fault?.fault === 'split_character';
  const all = deltasOf(text, calls, split ? unitsOf : tokensOf);
  const broken = fault && ENDINGS[fault.fault];
  const limit = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  const after = broken ? (fault.afterTokens ?? AFTER_TOKENS) : Number.POSITIVE_INFINITY;
  const deltas = all.slice(0, Math.min(after, limit));
  const prompt = countTokens(request.messages.map(({ content }) => content));
  return {
    text,
    calls,
    deltas,
    ending: broken ?? (deltas.length < all.length ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop'),
    split,
    usage: { prompt_tokens: prompt, completion_tokens: deltas.length, total_tokens: prompt + deltas.length },
  };
};
