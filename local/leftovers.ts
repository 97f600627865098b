import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ChildRecord, childRecord, ORDERLY_MS, signal, signalGroup } from './child-record.ts';
import { isRunning, readRecord } from './process-record.ts';

/**
 * Ends what a launcher left running that was killed itself: exactly the processes recorded in the folder `run`, never one
 * that was given the same pid since. Returns their names.
 */
export const endLeftovers = async (run: string): Promise<string[]> => {
  const files = readdirSync(run).filter((file) => file.endsWith('.json'));
  const ended = await Promise.all(
    files.map(async (file) => {
      const record = readRecord(join(run, file), childRecord);
      const running = record !== null && isRunning(record);
      if (running) await end(record);
      rmSync(join(run, file), { force: true });
      return running ? [basename(file, '.json')] : [];
    }),
  );
  return ended.flat();
};

const end = async (record: ChildRecord): Promise<void> => {
  signal(record.pid, record.stopSignal);
  for (const deadline = Date.now() + ORDERLY_MS; isRunning(record) && Date.now() < deadline; ) await pause(50);
  if (isRunning(record)) signalGroup(record.pid, 'SIGKILL');
  while (isRunning(record)) await pause(20);
};
