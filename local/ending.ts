import { constants } from 'node:os';
import type { Child } from './child.ts';

export type Reason = { signal: NodeJS.Signals } | { died: Child };

/**
 * One Ctrl-C arrives twice: from the terminal, which signals npm and us, and from npm, which passes its own on. A second
 * wish to stop is one that comes this much later.
 */
const SAME_WISH_MS = 1_000;

/** Waits for what ends the desk: a signal, or the death of a part. Whoever asks for a second time wants it at once. */
export const createEnding = () => {
  let tell: (reason: Reason) => void = () => {};
  const reason = new Promise<Reason>((resolve) => {
    tell = resolve;
  });
  return {
    reason,
    died: (child: Child) => tell({ died: child }),
    /** @param atOnce called, before the process exits, when a second signal says that the first took too long */
    listen(atOnce: () => void): void {
      let asked = 0;
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => {
          if (asked !== 0 && Date.now() - asked > SAME_WISH_MS) {
            atOnce();
            process.exit(exitCodeOf(signal));
          }
          asked ||= Date.now();
          tell({ signal });
        });
      }
    },
  };
};

/** As shells count: 130 after Ctrl-C. */
export const exitCodeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];
