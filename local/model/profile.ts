import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** How fast the model answers, as a provider would. */
export const profileSchema = z.strictObject({
  firstTokenMs: z.number().min(0).max(600_000),
  /** 0: everything at once. */
  tokensPerSecond: z.number().min(0).max(100_000),
  /** Share by which each wait may be shorter or longer, 0 to 1. */
  jitter: z.number().min(0).max(1),
  /** With the same seed the same message gets the same waits, whatever else runs. */
  seed: z.int(),
});

export type Profile = z.infer<typeof profileSchema>;

const { firstTokenMs, tokensPerSecond, jitter, seed } = profileSchema.shape;

/** Some settings of a profile; the others stay as they are. */
export const profileChangeSchema = z.strictObject({
  firstTokenMs: firstTokenMs.exactOptional(),
  tokensPerSecond: tokensPerSecond.exactOptional(),
  jitter: jitter.exactOptional(),
  seed: seed.exactOptional(),
});

/** Feels like a small hosted model. */
export const DEMO: Profile = { firstTokenMs: 250, tokensPerSecond: 60, jitter: 0.2, seed: 1 };

/** Costs no time, for tests and for measuring everything else. */
export const INSTANT: Profile = { firstTokenMs: 0, tokensPerSecond: 0, jitter: 0, seed: 1 };

/**
 * Hands out items when they are due, those due at the same moment together: a late timer makes a batch larger instead of
 * the answer slower. Rejects with an `AbortError` when the signal aborts.
 */
export async function* paced<T>(
  items: readonly T[],
  profile: Profile,
  message: string,
  signal: AbortSignal,
): AsyncGenerator<T[]> {
  const random = randomFrom(profile.seed ^ hash(message));
  const varied = (ms: number) => ms * (1 + profile.jitter * (2 * random() - 1));
  const gap = profile.tokensPerSecond > 0 ? 1_000 / profile.tokensPerSecond : 0;
  let due = performance.now() + varied(profile.firstTokenMs);
  let batch: T[] = [];
  for (const item of items) {
    const wait = due - performance.now();
    if (wait > 0) {
      if (batch.length > 0) yield batch;
      batch = [];
      await sleep(Math.max(0, due - performance.now()), undefined, { signal });
    }
    batch.push(item);
    due += varied(gap);
  }
  if (batch.length > 0) yield batch;
}

/** FNV-1a. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
};

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
const randomFrom = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
