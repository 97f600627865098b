import { cosine } from '../../integrations/embeddings.ts';
import { centring } from './centring.ts';
import { trainLogistic } from './logistic.ts';

export type IntentExample = { intent: string; vector: Float32Array };

/** `intent` is `null` where the message is about something else; `confidence` is that of the best intent, 0 to 1. */
export type IntentReading = { intent: string | null; best: string; confidence: number };

export type IntentClassifier = (vector: Float32Array) => IntentReading;

/** Share of messages about something that the playbook names which may be taken for something else. */
const MISSED = 0.05;

/** A quarter of the examples is held back at a time to see how close to the others it comes. */
const FOLDS = 4;
const MOST_HELD_BACK = 400;

/**
 * What closeness to an intent's nearest example is worth beside the regression's log probability. In cross-validation on
 * banking77's training rows 2 to 10 gain half a point, with ten examples of an intent as with a hundred.
 */
const NEIGHBOUR_WEIGHT = 5;

type Example = { label: number; vector: Float32Array };

/**
 * Learns intents from examples over their embeddings. What is out of scope is told by closeness to the nearest example,
 * since a classifier is sure of itself also far from everything it has seen: the threshold is what 95 % of the examples
 * reach with a quarter of all examples held back.
 *
 * Rejects with a `RangeError` without examples of two intents.
 */
export const trainIntentClassifier = async (examples: readonly IntentExample[]): Promise<IntentClassifier> => {
  const intents = [...new Set(examples.map(({ intent }) => intent))];
  if (intents.length < 2) throw new RangeError('an intent classifier needs examples of at least two intents');
  const centred = centring(examples.map(({ vector }) => vector));
  const labels = new Map(intents.map((intent, label) => [intent, label]));
  const known = examples.map(({ intent, vector }) => ({ label: labels.get(intent) ?? 0, vector: centred(vector) }));
  const probabilities = await trainLogistic(known, intents.length);
  const threshold = scopeOf(known, intents.length);

  return (vector) => {
    const asked = centred(vector);
    const near = nearest(asked, known, intents.length);
    const found = normalised(
      probabilities(asked).map((value, label) => value * Math.exp(NEIGHBOUR_WEIGHT * (near[label] ?? -1))),
    );
    const at = found.reduce((best, value, i) => (value > (found[best] ?? 0) ? i : best), 0);
    const best = intents[at] ?? '';
    return { intent: highest(near) >= threshold ? best : null, best, confidence: found[at] ?? 0 };
  };
};

const normalised = (values: Float32Array): Float32Array => {
  const sum = values.reduce((a, b) => a + b, 0);
  return values.map((value) => value / sum);
};

const highest = (values: Float32Array): number => values.reduce((a, b) => Math.max(a, b), -1);

/** The cosine to the nearest example of each label. */
const nearest = (vector: Float32Array, examples: readonly Example[], labels: number): Float32Array => {
  const near = new Float32Array(labels).fill(-1);
  for (const { label, vector: other } of examples) near[label] = Math.max(near[label] ?? -1, cosine(vector, other));
  return near;
};

const scopeOf = (examples: readonly Example[], labels: number): number => {
  const stride = Math.max(1, Math.floor(examples.length / MOST_HELD_BACK));
  const others = Array.from({ length: FOLDS }, (_, fold) => examples.filter((__, i) => i % FOLDS !== fold));
  const closeness = examples.flatMap(({ vector }, i) =>
    i % stride === 0 ? [highest(nearest(vector, others[i % FOLDS] ?? [], labels))] : [],
  );
  return closeness.sort((a, b) => a - b)[Math.floor(MISSED * closeness.length)] ?? 0;
};
