import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isRunning, processRecord } from './process-record.ts';

/** Where a running desk can be reached and what it signs with: for the terminal client and the tests, not for browsers. */
export const deskFile = z.strictObject({
  gateway: z.url(),
  temporal: z.string(),
  temporalNamespace: z.string(),
  /** `null` when Temporal is somebody else's: its UI can be anywhere. */
  temporalUi: z.url().nullable(),
  databaseUrl: z.url(),
  redisUrl: z.url(),
  modelUrl: z.url(),
  secret: z.string(),
  identitySecret: z.string(),
  /** Whom the terminal client signs in when nobody is named; absent where the company is not the sample one. */
  sampleCustomer: z.string().optional(),
  ...processRecord.shape,
});

export type DeskFile = z.infer<typeof deskFile>;

export const defaultDataDir = resolve(import.meta.dirname, '..', '.duradesk');

export const writeDeskFile = (dataDir: string, desk: DeskFile): void => {
  const unfinished = join(dataDir, 'desk.json.new');
  writeFileSync(unfinished, `${JSON.stringify(desk, null, 2)}\n`, { mode: 0o600 });
  renameSync(unfinished, join(dataDir, 'desk.json'));
};

export const removeDeskFile = (dataDir: string): void => rmSync(join(dataDir, 'desk.json'), { force: true });

/** The desk that runs from this folder, or `null` when none does. */
export const findDesk = (dataDir: string = defaultDataDir): DeskFile | null => {
  try {
    const desk = deskFile.parse(JSON.parse(readFileSync(join(dataDir, 'desk.json'), 'utf8')));
    return isRunning(desk) ? desk : null;
  } catch {
    return null;
  }
};
