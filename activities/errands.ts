import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { RemoteRefused, RemoteUnavailable } from '../integrations/remote-api.ts';

/** How long one activity looks for work before the workflow starts the next, milliseconds. */
const SHIFT_MS = 50_000;

/** Between two looks when there was nothing to do, milliseconds: each is one statement. */
const IDLE_MS = 1_000;

const HEARTBEAT_MS = 2_000;

/** Errands of one kind that go on at once while there are many. */
const LANES = 8;

/** Does one piece of work. `false`: there is none. */
export type Errand = () => Promise<boolean>;

export type ErrandDeps = {
  errands: readonly Errand[];
  /** The process is to end. */
  stopping: AbortSignal;
  onTrouble: (error: unknown) => void;
  shiftMs?: number;
};

export const createErrandActivities = ({ errands, stopping, onTrouble, shiftMs = SHIFT_MS }: ErrandDeps) => {
  /** A system that is away is no reason to end the shift: the piece of work is due again later. */
  const done = async (errand: Errand): Promise<boolean> => {
    try {
      return await errand();
    } catch (error) {
      if (!(error instanceof RemoteUnavailable || error instanceof RemoteRefused)) throw error;
      onTrouble(error);
      return true;
    }
  };

  return {
    /**
     * Does what there is to do between the desk and the company's systems, for a while. Each piece of work keeps its state
     * in Postgres and is taken up again by whoever comes when this one dies. Rejects with `StoreUnavailable`.
     */
    async runErrands(): Promise<void> {
      const { cancellationSignal, heartbeat } = Context.current();
      const failed = new AbortController();
      const end = AbortSignal.any([cancellationSignal, stopping, failed.signal, AbortSignal.timeout(shiftMs)]);
      // One looks alone until there is something, then several until one finds nothing more.
      const keepAt = async (errand: Errand): Promise<void> => {
        for (let width = 1; !end.aborted; ) {
          const found = await Promise.all(Array.from({ length: width }, () => done(errand)));
          width = found.every(Boolean) ? LANES : 1;
          if (!found.some(Boolean)) await pause(IDLE_MS, undefined, { signal: end }).catch(() => undefined);
        }
      };
      const beat = setInterval(() => heartbeat(), HEARTBEAT_MS);
      try {
        await Promise.all(errands.map(keepAt));
      } finally {
        failed.abort();
        clearInterval(beat);
      }
    },
  };
};
