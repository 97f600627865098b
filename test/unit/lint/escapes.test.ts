import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { plant, root, run, uproot } from './planted.ts';

type Case = [file: string, source: string];

const work = 'const work = async (n: number): Promise<number> => n;\n';

/** Rule → files that it, and no other rule of oxlint, refuses. */
const refused: Record<string, Case[]> = {
  'typescript/no-floating-promises': [
    ['gateway/floats.ts', `${work}work(1);\nexport {};\n`],
    ['gateway/floats-then.ts', `${work}work(1).then((n) => n);\nexport {};\n`],
    ['test/floats-map.ts', `${work}[1].map(work);\nexport {};\n`],
  ],
  'typescript/no-misused-promises': [
    ['gateway/guards.ts', `${work}export const guard = () => (work(1) ? 'in' : 'out');\n`],
    ['gateway/each.ts', `${work}[1].forEach(async (n) => { await work(n); });\nexport {};\n`],
    ['gateway/timer.ts', `${work}setTimeout(async () => { await work(1); }, 1);\nexport {};\n`],
  ],
  'typescript/await-thenable': [
    ['gateway/awaits-nothing.ts', 'export const one = async () => { const n = await 1; return n + 1; };\n'],
  ],
  'typescript/return-await': [
    [
      'gateway/escapes-its-catch.ts',
      `${work}export const one = async () => { try { return work(1); } catch { return 0; } };\n`,
    ],
  ],
  'typescript/switch-exhaustiveness-check': [
    [
      'gateway/forgets.ts',
      "export const rank = (end: 'final' | 'failed') => { switch (end) { case 'final': return 1; } return 0; };\n",
    ],
  ],
  'typescript/no-explicit-any': [['store/any.ts', 'export const read = (row: any): number => [row].length;\n']],
  'typescript/no-unsafe-member-access': [
    ['store/trusts.ts', 'export const read = (json: string): unknown => JSON.parse(json).id;\n'],
  ],
  'typescript/ban-ts-comment': [['store/hushes.ts', "// @ts-ignore\nexport const one: number = '1';\n"]],
  'typescript/no-import-type-side-effects': [
    ['workflows/keeps-import.ts', "import { type Noun } from '../store/noun.ts';\nexport type More = Noun;\n"],
  ],
  'import/no-dynamic-require': [['gateway/computed.ts', 'export const load = (path: string) => import(path);\n']],
  'eslint/no-restricted-properties': [
    ['gateway/env.ts', 'export const home = process.env.HOME;\n'],
    ['workers/env.ts', "export const home = process['env'].HOME;\n"],
    ['store/env.ts', 'const { env } = process;\nexport const home = env.HOME;\n'],
    ['stream/env.ts', 'export const home = globalThis.process.env.HOME;\n'],
    ['integrations/deep/env.ts', 'export const home = process.env.HOME;\n'],
    ['web/env.ts', 'export const home = process.env.HOME;\n'],
    ['playbook.ts', 'export const home = process.env.HOME;\n'],
  ],
  'eslint/no-restricted-globals': [
    ['workflows/fetches.ts', "export const page = async () => await fetch('http://x');\n"],
  ],
};

const allowed: Case[] = [
  ['config.ts', 'export const home = process.env.HOME;\n'],
  ['local/start.ts', 'export const home = process.env.HOME;\n'],
  ['local/acme/server.ts', 'export const home = process.env.HOME;\n'],
  ['test/unit/home.test.ts', 'export const home = process.env.HOME;\n'],
  ['bench/load.ts', 'export const home = process.env.HOME;\n'],
  ['gateway/waits.ts', `${work}export const all = async () => await Promise.all([work(1), work(2)]);\n`],
  ['gateway/lets-go.ts', `${work}void work(1);\nexport {};\n`],
  ['gateway/process.ts', 'export const node = process.pid;\n'],
  [
    'store/parses.ts',
    'export const read = (json: string) => { const row: unknown = JSON.parse(json); return row; };\n',
  ],
];

describe('oxlint', () => {
  let folder: string;
  let diagnostics: { code: string; filename: string; message: string; help?: string }[];
  const rulesFor = (file: string) => {
    const about = diagnostics.filter(({ filename }) => filename === file);
    return [...new Set(about.map(({ code }) => code.replace(/^(.+)\((.+)\)$/, '$1/$2')))];
  };

  beforeAll(async () => {
    const cases = Object.fromEntries([...Object.values(refused).flat(), ...allowed]);
    folder = await plant({
      ...cases,
      '.oxlintrc.json': await readFile(join(root, '.oxlintrc.json'), 'utf8'),
      'tsconfig.json': await readFile(join(root, 'tsconfig.json'), 'utf8'),
      'package.json': '{ "type": "module" }',
      'store/noun.ts': 'export type Noun = number;\n',
      '.gitignore': 'node_modules/\n',
    });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { stdout } = await run('oxlint', ['--type-aware', '--format', 'json', '.'], folder);
    ({ diagnostics } = JSON.parse(stdout));
  });
  afterAll(() => uproot(folder));

  describe.each(Object.entries(refused))('%s refuses', (rule, cases) => {
    test.each(cases)('%s', (file) => expect(rulesFor(file)).toEqual([rule]));
  });

  test.each(allowed)('%s may stand', (file) => expect(rulesFor(file)).toEqual([]));

  test('a refusal says what to do', () => {
    const about = diagnostics.find(({ filename }) => filename === 'gateway/env.ts');
    expect(`${about?.message} ${about?.help}`).toContain('Only config.ts reads the environment');
  });
});

test('Biome refuses an assertion through unknown and says what to do', async () => {
  const folder = await plant({
    'biome.json': await readFile(join(root, 'biome.json'), 'utf8'),
    '.unknown-assertion.grit': await readFile(join(root, '.unknown-assertion.grit'), 'utf8'),
    '.gitignore': 'node_modules/\n',
    'store/asserts.ts': 'export const one = 1 as unknown as string;\n',
    'store/narrows.ts': "export const one = 'a' as string;\n",
  });
  try {
    const refusal = await run('biome', ['lint', '--colors=off', 'store/asserts.ts'], folder);
    expect(refusal.code).toBe(1);
    expect(refusal.stderr).toContain('parse the value, or narrow it');
    const passes = await run('biome', ['lint', 'store/narrows.ts'], folder);
    expect(passes.code).toBe(0);
  } finally {
    await uproot(folder);
  }
});
