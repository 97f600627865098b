import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedHistory } from '../../workers/replay.ts';

export const HISTORIES = join('test', 'histories');

/** Every committed history. `npm run record` writes them. */
export const recordedHistories = (): RecordedHistory[] =>
  readdirSync(HISTORIES)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const name = join(HISTORIES, file);
      return { name, history: JSON.parse(readFileSync(name, 'utf8')) };
    });
