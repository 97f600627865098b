import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CASES } from '../faults/cases.ts';
import { runCase } from '../faults/run-case.ts';

/** The same faults every time; `npm run faults` has more of them, as often as anybody likes. */
const SEED = 11;
const TRIALS = 2;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'duradesk-faults-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const selected = CASES.filter(({ name }) => ['F1', 'F6', 'F9', 'F15'].includes(name));

test.each(selected.map((fault) => [`${fault.name}: ${fault.title}`, fault] as const))(
  '%s',
  async (_, fault) => {
    const { violations, worst } = await runCase(fault, {
      seed: SEED,
      trials: TRIALS,
      folder: join(folder, fault.name),
      progress: () => {},
    });
    expect(violations).toEqual([]);
    if (fault.name === 'F1') expect(worst.nextDeltaMs).toBeLessThanOrEqual(6_000);
  },
  120_000,
);
