import { cosine, toUnit } from '../../integrations/embeddings.ts';
import { trainLogistic } from './logistic.ts';

export type IntentExample = { intent: string; vector: Float32Array };

/** `intent` is `null` where the message is about something else; `confidence` is that of the best intent, 0 to 1. */
export type IntentReading = { intent: string | null; best: string; confidence: number };

export type IntentClassifier = (vector: Float32Array) => IntentReading;

/** Share of messages about something that the playbook names which may be taken for something else. */
const MISSED = 0.05;

/** Fewer similar examples than this say nothing about where an intent ends. */
const FOLDS = 4;

/**
 * Learns intents from examples over their embeddings. What is out of scope is told by closeness to the nearest example,
 * since a classifier is sure of itself also far from everything it has seen: the threshold is what 95 % of the examples
 * reach with a quarter of all examples held back.
 *
 * Throws a `RangeError` without examples of two intents.
 */
export const createIntentClassifier = (examples: readonly IntentExample[]): IntentClassifier => {
  const intents = [...new Set(examples.map(({ intent }) => intent))];
  if (intents.length < 2) throw new RangeError('an intent classifier needs examples of at least two intents');
  const mean = meanOf(examples.map(({ vector }) => vector));
  const centred = (vector: Float32Array) => toUnit(vector.map((value, i) => value - (mean[i] ?? 0)));
  const probabilities = trainLogistic(
    examples.map(({ intent, vector }) => ({ vector: centred(vector), label: intents.indexOf(intent) })),
    intents.length,
  );
  const threshold = scopeOf(examples);

  return (vector) => {
    const found = probabilities(centred(vector));
    const at = found.reduce((best, value, i) => (value > (found[best] ?? 0) ? i : best), 0);
    const best = intents[at] ?? '';
    const inScope = nearest(vector, examples) >= threshold;
    return { intent: inScope ? best : null, best, confidence: found[at] ?? 0 };
  };
};

const meanOf = (vectors: readonly Float32Array[]): Float32Array => {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let i = 0; i < mean.length; i += 1) mean[i] = (mean[i] ?? 0) + (vector[i] ?? 0) / vectors.length;
  return mean;
};

const nearest = (vector: Float32Array, examples: readonly IntentExample[]): number =>
  examples.reduce((best, example) => Math.max(best, cosine(vector, example.vector)), -1);

/** Measured on at most 400 examples, so that thousands of them do not take minutes. */
const scopeOf = (examples: readonly IntentExample[]): number => {
  const stride = Math.max(1, Math.floor(examples.length / 400));
  const closeness = examples.flatMap(({ vector }, i) =>
    i % stride === 0
      ? [
          nearest(
            vector,
            examples.filter((_, j) => j % FOLDS !== i % FOLDS),
          ),
        ]
      : [],
  );
  return closeness.sort((a, b) => a - b)[Math.floor(MISSED * closeness.length)] ?? 0;
};
