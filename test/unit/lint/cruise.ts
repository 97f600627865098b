import { join } from 'node:path';
import { root, run } from './planted.ts';

type Cruise = { summary: { violations: { from: string; to: string; rule: { name: string } }[] } };

export type Refusals = {
  /** Names of the rules that refused a file, sorted; empty when it may stand. */
  of(file: string): string[];
};

const refusals = (cruise: Cruise): Refusals => ({
  of: (file) => {
    const about = cruise.summary.violations.filter(({ from }) => from === file);
    return [...new Set(about.map(({ rule }) => rule.name))].sort();
  },
});

const config = (name: string) => ['--config', join(root, name)];

/** Runs both checks of `npm run check:imports` in a folder. */
export const cruise = async (folder: string): Promise<{ table: Refusals; bundles: Refusals; report: string }> => {
  const table = config('.dependency-cruiser.cjs');
  const bundles = config('.dependency-cruiser.bundles.cjs');
  const [inTable, inBundles, report] = await Promise.all([
    run('depcruise', [...table, '--output-type', 'json', '.'], folder),
    run('depcruise', [...bundles, '--output-type', 'json', 'workflows', 'web'], folder),
    run('depcruise', [...table, '--output-type', 'err-long', '.'], folder),
  ]);
  return {
    table: refusals(JSON.parse(inTable.stdout)),
    bundles: refusals(JSON.parse(inBundles.stdout)),
    report: report.stdout,
  };
};
