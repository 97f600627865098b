import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root } from './compose-file.ts';

const exec = promisify(execFile);

/** Answers like the `temporal` command of a server that has no namespace yet, and notes how it was called. */
const temporal = `#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  *'namespace describe'*) exit 1 ;;
esac
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duradesk-temporal-'));
  await writeFile(join(folder, 'temporal'), temporal);
  await chmod(join(folder, 'temporal'), 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the Compose file makes the namespace, and waits until the server knows it', async () => {
  const calls = join(folder, 'calls');
  await exec('sh', [join(root, 'deploy/compose/temporal-namespace.sh')], {
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      CALLS: calls,
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_NAMESPACE: 'desk',
    },
  });
  const lines = (await readFile(calls, 'utf8')).trim().split('\n');
  expect(lines).toContain('operator namespace create --namespace desk --retention 72h');
  expect(lines.at(-1)).toBe('operator search-attribute list');
});
