import { setTimeout as sleep } from 'node:timers/promises';

/** A system whose search lags shows within this what was written to it, milliseconds. */
const PAUSE_MS = 200;
const MOST = 6;

/** As Temporal would: tries until it is done. Resolves with the result and with how the attempts before it failed. */
export const persist = async <T>(attempt: () => Promise<T>): Promise<{ result: T; failures: unknown[] }> => {
  const failures: unknown[] = [];
  for (;;) {
    try {
      return { result: await attempt(), failures };
    } catch (error) {
      failures.push(error);
      if (failures.length > MOST) throw error;
      await sleep(PAUSE_MS);
    }
  }
};
