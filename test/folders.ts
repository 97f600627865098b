import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** Call it at the top of a test file: the result makes empty folders, which are removed after the last test. */
export const createFolders = () => {
  const parent = mkdtempSync(join(tmpdir(), 'duradesk-folders-'));
  afterAll(() => rmSync(parent, { recursive: true, force: true }));
  return (): string => mkdtempSync(join(parent, 'f-'));
};
