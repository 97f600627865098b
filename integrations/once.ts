import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RemoteRefused, RemoteUnavailable } from './remote-api.ts';

/** Waits between look-ups after an unknown outcome, in milliseconds; the first one is not waited for. */
export type Patience = readonly number[];

/**
 * Does an effect that the outside system must see once: looks for it by its key, does it when it is not there, and after
 * an unknown outcome looks again instead of repeating it. Where even that does not tell, the error says `unknown`, and the
 * next call begins with a look-up.
 *
 * @param patience for systems whose search lags behind their writes
 */
export const once = async <T>(
  find: () => Promise<T | null>,
  act: () => Promise<T>,
  patience: Patience = [],
): Promise<T> => {
  const before = await find();
  if (before !== null) return before;
  try {
    return await act();
  } catch (error) {
    if (hasNotHappened(error)) throw error;
    for (const wait of [0, ...patience]) {
      await sleep(wait);
      const after = await find().catch(() => null);
      if (after !== null) return after;
    }
    throw error;
  }
};

const hasNotHappened = (error: unknown): boolean =>
  error instanceof RemoteRefused || (error instanceof RemoteUnavailable && error.outcome === 'not_sent');

/**
 * A key as every system takes it: 32 hex digits of SHA-256. Keys of ours may be long, hold any character and differ in
 * case only, and Salesforce compares external ids without case.
 */
export const portableKey = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 32);
