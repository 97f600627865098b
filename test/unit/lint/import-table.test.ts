import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cruise, type Refusals } from './cruise.ts';
import { plant, uproot } from './planted.ts';

// The table of the architecture once more, by hand: a slip in the rules must not be repeated by their test.
const may: Record<string, string[]> = {
  contracts: [],
  workflows: ['contracts'],
  activities: ['contracts', 'stream', 'store', 'knowledge', 'integrations'],
  integrations: ['contracts'],
  knowledge: ['contracts', 'store', 'integrations'],
  stream: ['contracts'],
  store: ['contracts'],
  gateway: ['contracts', 'stream', 'store', 'config', 'playbook'],
  workers: [
    ...['contracts', 'workflows', 'activities', 'integrations', 'knowledge', 'stream', 'store'],
    ...['config', 'playbook'],
  ],
  cli: ['contracts', 'knowledge', 'stream', 'store', 'workers', 'config', 'playbook'],
  web: ['contracts'],
  deploy: [],
  docs: [],
};
const free = ['local', 'test', 'bench'];
const folders = [...Object.keys(may), ...free];
const targets = [...folders, 'config', 'playbook'];

const file = (target: string) => (folders.includes(target) ? `${target}/noun.ts` : `${target}.ts`);
const planted = (row: string, target: string, kind: 'value' | 'type') => `${row}/takes-${kind}-of-${target}.ts`;

const others = (row: string) => targets.filter((target) => target !== row);

const files: Record<string, string> = { 'package.json': '{ "type": "module" }' };
for (const target of targets) files[file(target)] = 'export const noun = 1;\nexport type Noun = number;\n';
for (const row of folders)
  for (const target of others(row)) {
    files[planted(row, target, 'value')] =
      `import { noun } from '../${file(target)}';\nexport const more = noun + 1;\n`;
    files[planted(row, target, 'type')] =
      `import type { Noun } from '../${file(target)}';\nexport type More = Noun[];\n`;
  }

describe('import table', () => {
  let folder: string;
  let table: Refusals;
  let report: string;

  beforeAll(async () => {
    folder = await plant(files);
    ({ table, report } = await cruise(folder));
  });
  afterAll(() => uproot(folder));

  test.each(Object.entries(may))('%s may import %j and is refused everything else', (row, allowed) => {
    const refused = (kind: 'value' | 'type') =>
      others(row).filter((target) => table.of(planted(row, target, kind)).length > 0);
    const typesOf = { workflows: 'activities', gateway: 'workflows' }[row];
    expect(refused('value')).toEqual(others(row).filter((target) => !allowed.includes(target)));
    expect(refused('type')).toEqual(refused('value').filter((target) => target !== typesOf));
  });

  test.each(free)('%s may import anything', (row) => {
    expect(others(row).flatMap((target) => table.of(planted(row, target, 'value')))).toEqual([]);
  });

  test('a refusal names its row, the import and what the row allows', () => {
    expect(table.of(planted('store', 'gateway', 'value'))).toEqual(['store imports']);
    expect(report).toContain('error store imports: store/takes-value-of-gateway.ts → gateway/noun.ts');
    expect(report).toContain('store/ may import contracts/ of ours.');
  });

  test('an activity as a value in a workflow names the rule about types', () => {
    expect(table.of(planted('workflows', 'activities', 'value'))).toEqual(['workflows imports types of activities']);
    expect(table.of(planted('gateway', 'workflows', 'value'))).toEqual(['gateway imports types of workflows']);
  });
});
