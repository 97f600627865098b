import { Listr } from 'listr2';
import type { Say } from './services/service.ts';

/** One line of the start-up list: what is done, and what the line says once it is. */
export type Step<T> = { title: string; work: (say: Say) => Promise<T>; done: (result: T) => string };

/**
 * Does all of them at once and shows how they get on: a live list in a terminal, else a plain line for everything that
 * happens. Rejects with the first failure and leaves it to the caller to tell and to end the others, of which nothing is
 * heard any more.
 */
export const together = async <R extends object>(steps: { [K in keyof R]: Step<R[K]> }): Promise<R> => {
  const results: Partial<R> = {};
  let failure: { error: unknown } | undefined;

  const taskOf = <K extends keyof R>(name: K) => {
    const { title, work, done } = steps[name];
    return {
      title,
      async task(_context: unknown, task: { title: string; output: string }): Promise<void> {
        try {
          const result = await work((line) => {
            // A plain line stands alone, not under its task.
            task.output = process.stdout.isTTY ? line : `${title}: ${line}`;
          });
          results[name] = result;
          task.title = done(result);
        } catch (error) {
          if (failure) return new Promise(() => {});
          failure = { error };
          throw new Error(title);
        }
      },
    };
  };

  const names = Object.keys(steps) as (keyof R)[];
  const list = new Listr(names.map(taskOf), {
    concurrent: true,
    // Its own handler would end the process on Ctrl-C and leave everything else running.
    registerSignalListeners: false,
    rendererOptions: { showErrorMessage: false },
    fallbackRenderer: 'verbose',
  });
  try {
    await list.run();
  } catch (error) {
    throw failure ? failure.error : error;
  }
  return results as R;
};
