import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { searchAttributes } from '../../../contracts/search-attributes.ts';
import { root } from './compose-file.ts';

const exec = promisify(execFile);

/** Answers like the `temporal` command of a server that knows `DeskStatus` already, and notes how it was called. */
const temporal = `#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
  *'namespace describe'*) exit 1 ;;
  *'search-attribute list'*) echo '  DeskStatus  Keyword' ;;
esac
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duradesk-temporal-'));
  await writeFile(join(folder, 'temporal'), temporal);
  await chmod(join(folder, 'temporal'), 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the Compose file registers the search attributes that the launcher registers, and only what is missing', async () => {
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
  const created = lines.flatMap((line) => {
    const [, name, type] = /^operator search-attribute create --name (\w+) --type (\w+)$/.exec(line) ?? [];
    return name ? [[name, type?.toUpperCase()]] : [];
  });
  const { status: _known, ...missing } = searchAttributes;
  expect(Object.fromEntries(created)).toEqual(
    Object.fromEntries(Object.values(missing).map(({ name, type }) => [name, type])),
  );
});
