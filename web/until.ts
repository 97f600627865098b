import type { ClientState, DeskClient } from './client.ts';

/**
 * Waits for a state from which `pick` makes something, and resolves with that.
 * Rejects after `timeoutMs` with an error that says what was waited for.
 */
export const until = <T>(
  client: DeskClient,
  what: string,
  pick: (state: ClientState) => T | null | undefined | false,
  timeoutMs: number,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      unsubscribe();
    };
    const look = (state: ClientState): void => {
      const picked = pick(state);
      if (picked === null || picked === undefined || picked === false) return;
      stop();
      resolve(picked);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`${what}: not within ${timeoutMs} ms`));
    }, timeoutMs);
    const unsubscribe = client.subscribe(look);
    look(client.state());
  });
