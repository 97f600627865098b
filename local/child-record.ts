import { z } from 'zod';
import { processRecord } from './process-record.ts';

/** A process that a launcher started. Never pid 1: its negative, as the target of a signal, would mean every process. */
export const childRecord = processRecord.extend({
  pid: z.int().min(2),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
});

export type ChildRecord = z.infer<typeof childRecord>;

/** How long an orderly end may take: a gateway says good-bye to its clients and a worker finishes its turns in it. */
export const ORDERLY_MS = 10_000;

/** Signals one process; one that is gone is left in peace. */
export const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
};

/** Signals the process group that `pid` leads: the process and everything it started. */
export const signalGroup = (pid: number, name: NodeJS.Signals): void => signal(-pid, name);

/** EPERM: it is not ours any more, or (macOS) nothing but zombies is left of the group. */
const isGone = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ['ESRCH', 'EPERM'].includes(String(error.code));
