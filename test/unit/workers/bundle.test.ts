import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Runtime } from '@temporalio/worker';
import { buildIdOf, bundleWorkflows } from '../../../workers/bundle.ts';

/** Another folder of the same product: the sources that the bundle holds, and of the packages those that it names. */
const elsewhere = mkdtempSync(join(tmpdir(), 'duradesk-elsewhere-'));
let here: string;
beforeAll(async () => {
  Runtime.install({
    shutdownSignals: [],
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  here = await bundleWorkflows();
  const packages = new Set(
    [...here.matchAll(/"\.\/(node_modules\/(?:@[\w.-]+\/)?[\w.-]+)\//g)].map(([, name]) => name),
  );
  for (const folder of ['workflows', 'contracts', ...packages])
    if (folder) cpSync(folder, join(elsewhere, folder), { recursive: true });
  cpSync('package.json', join(elsewhere, 'package.json'));
});
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

describe('the build id of the workflow code', () => {
  test('is short, printable and fit for a label', () => {
    expect(buildIdOf(here)).toMatch(/^[0-9a-f]{16}$/);
  });

  test('is the same wherever the product lies and the process was started', async () => {
    const before = process.cwd();
    process.chdir('/');
    try {
      const there = await bundleWorkflows(elsewhere);
      expect(there).not.toBe(here);
      expect(buildIdOf(there)).toBe(buildIdOf(here));
    } finally {
      process.chdir(before);
    }
  });

  test('is another one when the code does something else', async () => {
    writeFileSync(join(elsewhere, 'workflows', 'index.ts'), 'export const conversation = async () => {};\n');
    expect(buildIdOf(await bundleWorkflows(elsewhere))).not.toBe(buildIdOf(here));
  });
});
