import type { Command } from 'commander';
import { settings } from '../config.ts';
import { command } from './output.ts';

export const explainCommand = (): Command =>
  command<{ explain?: true }>(
    'config',
    'say which settings are set, never to what; a value may be a secret',
    async ({ explain }) => {
      const data = settings();
      const width = Math.max(...data.map(({ name }) => name.length));
      const lines = data.flatMap(({ name, meaning, default: usual, readBy, isSet }) => {
        const head = `${name.padEnd(width)}  ${isSet ? 'set' : 'not set'}`;
        if (!explain) return [head];
        const detail = [
          meaning,
          usual === null ? 'no default' : `default ${usual || 'empty'}`,
          `read by ${readBy.join(', ')}`,
        ];
        return [head, ...detail.map((line) => `    ${line}`), ''];
      });
      return { ok: true, data, lines };
    },
  ).option('--explain', 'with their meaning, default and who reads them');
