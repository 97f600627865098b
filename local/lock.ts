import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, processRecord, readRecord, recordOf } from './process-record.ts';

/** Beside the records of children, which end in `.json`. */
export const LOCK = 'launcher.lock';

/**
 * Takes the lock of a folder, also one whose holder was killed. Returns the holder's pid when it is alive, else the
 * function that gives the lock back.
 */
export const takeLock = async (file: string): Promise<number | (() => void)> => {
  const self = recordOf(process.pid);
  const write = () => writeFileSync(file, JSON.stringify(self), { flag: 'wx', mode: 0o600 });
  try {
    write();
  } catch {
    const holder = readRecord(file, processRecord);
    if (holder && isRunning(holder)) return holder.pid;
    rmSync(file, { force: true });
    try {
      write();
    } catch {
      // Somebody else found it abandoned at the same moment and was faster.
    }
    // Two who both removed it would both have written: whoever reads back another's record has lost.
    await pause(100);
    const winner = readRecord(file, processRecord);
    if (winner?.pid !== self.pid) return winner?.pid ?? 0;
  }
  return () => rmSync(file, { force: true });
};
