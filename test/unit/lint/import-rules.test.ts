import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cruise, type Refusals } from './cruise.ts';
import { plant, uproot } from './planted.ts';

type Case = [file: string, source: string];
const take = (from: string) => `import { noun } from '${from}';\nexport const more = noun;\n`;
const takeType = (from: string) => `import type { Noun } from '${from}';\nexport type More = Noun;\n`;

/** Rule → files that it, and no other rule, refuses. */
const refused: Record<string, Case[]> = {
  'store imports': [
    ['store/dynamic.ts', "export const more = () => import('../gateway/noun.ts');"],
    ['store/reexport.ts', "export { noun } from '../gateway/noun.ts';"],
    ['store/reexport-all.ts', "export * from '../gateway/noun.ts';"],
    ['store/effect.ts', "import '../gateway/noun.ts';"],
    ['store/type-query.ts', "export type More = import('../gateway/noun.ts').Noun;"],
    ['store/deep/inside.ts', take('../../gateway/noun.ts')],
  ],
  'config.ts imports': [['config.ts', take('./store/noun.ts')]],
  'playbook.ts imports': [['playbook.ts', take('./store/noun.ts')]],
  'workflows imports types of activities': [
    [
      'workflows/mixed.ts',
      "import { type Noun, noun } from '../activities/noun.ts';\nexport const more: Noun = noun;\n",
    ],
  ],
  folders: [
    ['services/noun.ts', 'export const noun = 1;'],
    ['server.ts', 'export const noun = 1;'],
  ],
  names: [
    ['store/utils.ts', 'export const noun = 1;'],
    ['store/row-helpers.ts', 'export const noun = 1;'],
    ['gateway/lib/noun.ts', 'export const noun = 1;'],
    ['web/common.tsx', 'export const noun = 1;'],
    ['contracts/types.ts', 'export type Noun = 1;'],
  ],
  'no cycles': [['stream/egg.ts', "import { hen } from './hen.ts';\nexport const egg = () => hen;\n"]],
  resolvable: [['stream/nowhere.ts', take('./no-such-file.ts')]],
  'declared packages': [['gateway/for-tests.ts', take('fast-check')]],
  'contracts are portable': [
    ['contracts/hash.ts', "import { createHash } from 'node:crypto';\nexport const hash = createHash;\n"],
    ['contracts/other-package.ts', take('openai')],
  ],
  'workflows are deterministic': [
    ['workflows/file.ts', "import { readFile } from 'node:fs/promises';\nexport const more = readFile;\n"],
    ['workflows/schema.ts', take('zod')],
    ['workflows/package.ts', take('openai')],
    ['workflows/client.ts', take('@temporalio/client')],
  ],
  'browser code without zod': [['web/widget/schema.ts', take('zod')]],
  'browser code without Node.js': [
    ['web/file.ts', "import { readFile } from 'node:fs';\nexport const more = readFile;\n"],
  ],
  'redis in stream': [
    ['gateway/redis.ts', take('ioredis')],
    ['local/redis.ts', take('ioredis')],
  ],
  'sql in store': [
    ['activities/rows.ts', take('pg')],
    ['workers/rows.ts', take('kysely')],
    ['local/database.ts', take('pg')],
    ['local/migrate.ts', take('node-pg-migrate')],
  ],
  'environment in config': [['gateway/env.ts', "import { env } from 'node:process';\nexport const more = env.HOME;\n"]],
};

/** Files that every rule lets stand. */
const allowed: Case[] = [
  [
    'workflows/typed.ts',
    `${takeType('../activities/noun.ts')}export type Query = import('../activities/noun.ts').Noun;`,
  ],
  ['workflows/sandboxed.ts', `${take('@temporalio/workflow')}export { noun } from '../contracts/noun.ts';`],
  ['workflows/schema-type.ts', takeType('../contracts/schema.ts')],
  ['contracts/schema.ts', take('zod')],
  ['gateway/typed.ts', takeType('../workflows/noun.ts')],
  [
    'integrations/web-streams.ts',
    "import { ReadableStream } from 'node:stream/web';\nexport const more = ReadableStream;\n",
  ],
  ['integrations/guards.ts', "import { isDate } from 'node:util/types';\nexport const more = isDate;\n"],
  ['store/rows.ts', take('pg')],
  ['local/acme/orders.ts', take('pg')],
  ['test/rows.ts', take('pg')],
  ['stream/connection.ts', take('ioredis')],
  ['test/flush.ts', take('ioredis')],
  ['test/property.ts', take('fast-check')],
  ['web/build.ts', "import { readFile } from 'node:fs';\nexport const more = readFile;\n"],
  ['web/schema-type.ts', takeType('../contracts/schema.ts')],
  ['local/env.ts', "import { env } from 'node:process';\nexport const more = env.HOME;\n"],
  ['web/prototypes.ts', 'export const noun = 1;'],
  ['contracts/library.ts', 'export const noun = 1;'],
];

/** Each file is fine by the import table, but loads what the bundle must not hold, two files away. */
const reaching: Record<string, Case[]> = {
  'workflow bundle': [
    ['workflows/parses.ts', take('../contracts/relay.ts')],
    [
      'workflows/mixes.ts',
      "import { type Noun, noun } from '../contracts/relay.ts';\nexport const more: Noun = noun;\n",
    ],
  ],
  'browser bundle': [['web/widget/parses.ts', take('../../contracts/relay.ts')]],
};

const packages = ['zod', 'pg', 'kysely', 'node-pg-migrate', 'ioredis', 'openai', 'fast-check'];
const temporal = ['@temporalio/workflow', '@temporalio/client'];
const dependencies = Object.fromEntries([...packages, ...temporal].map((name) => [name, '1.0.0']));

const files: Record<string, string> = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { ...dependencies, 'fast-check': undefined },
    devDependencies: { 'fast-check': '1.0.0' },
  }),
  'stream/hen.ts': "import type { egg } from './egg.ts';\nexport const hen = (from: typeof egg) => from;\n",
  'contracts/relay.ts': "export { more as noun } from './schema.ts';\nexport type Noun = 1;\n",
};
for (const name of Object.keys(dependencies)) {
  files[`node_modules/${name}/package.json`] = JSON.stringify({ name, type: 'module', exports: './index.js' });
  files[`node_modules/${name}/index.js`] = 'export const noun = 1;';
}
for (const folder of ['contracts', 'workflows', 'activities', 'store', 'gateway'])
  files[`${folder}/noun.ts`] = 'export const noun = 1;\nexport type Noun = number;\n';

describe('import rules', () => {
  let folder: string;
  let table: Refusals;
  let bundles: Refusals;

  beforeAll(async () => {
    const cases = [...Object.values(refused).flat(), ...Object.values(reaching).flat(), ...allowed];
    folder = await plant({ ...files, ...Object.fromEntries(cases) });
    ({ table, bundles } = await cruise(folder));
  });
  afterAll(() => uproot(folder));

  describe.each(Object.entries(refused))('"%s" refuses', (rule, cases) => {
    test.each(cases)('%s', (file) => expect(table.of(file)).toEqual([rule]));
  });

  test.each(allowed)('%s may stand', (file) => {
    expect([...table.of(file), ...bundles.of(file)]).toEqual([]);
  });

  describe.each(Object.entries(reaching))('"%s" refuses what the import table cannot see', (rule, cases) => {
    test.each(cases)('%s', (file) => {
      expect(table.of(file)).toEqual([]);
      expect(bundles.of(file)).toEqual([rule]);
    });
  });
});
