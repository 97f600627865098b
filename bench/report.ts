import { type Block, cpuPerTurn } from './blocks.ts';
import type { Comparison, Measured } from './compare.ts';
import type { LongRun } from './long.ts';
import { PARTS, VARIANTS, type Variant } from './rig.ts';

const TITLES: Record<Variant, string> = {
  ours: 'this engine',
  stepPerActivity: 'one activity per step',
  oneActivity: 'one activity',
};

/** Upper bounds of (ours / other), as the project sets them. */
const TARGETS = { stepPerActivity: 0.3, oneActivity: 0.6 } as const;

export const comparisonTable = (comparison: Comparison): string => {
  const rows = VARIANTS.map((variant) => [
    TITLES[variant],
    ...cpuColumns(comparison[variant].whole),
    ...columns(comparison[variant]),
  ]);
  const head = [
    'CPU ms per turn',
    ...CPU_HEAD,
    'turns/s',
    'first delta p50',
    'p95',
    'final p50',
    'p95',
    'workflow tasks',
    'activity tasks',
  ];
  const ratios = (['stepPerActivity', 'oneActivity'] as const).map((other) => {
    const of = (a: Block, b: Block) => cpuPerTurn(a) / cpuPerTurn(b);
    const rounds = comparison.ours.blocks.flatMap((ours, round) => {
      const theirs = comparison[other].blocks[round];
      return theirs ? [of(ours, theirs)] : [];
    });
    const ratio = of(comparison.ours.whole, comparison[other].whole).toFixed(3);
    const spread = `rounds: median ${quantile(rounds, 0.5).toFixed(3)}, ${Math.min(...rounds).toFixed(3)} to ${Math.max(...rounds).toFixed(3)}`;
    return `this engine / ${TITLES[other]}: ${ratio} (target ${TARGETS[other]}; ${spread})`;
  });
  return [table([head, ...rows]), '', ...ratios].join('\n');
};

export const longTable = ({ opening, first, last }: LongRun): string => {
  const row = (title: string, block: Block) => [title, ...cpuColumns(block)];
  const rows = [row('turn 1', opening), row('turns 2 to 10', first), row('turns 191 to 200', last)];
  const growth = (cpuPerTurn(last) / cpuPerTurn(first)).toFixed(3);
  return [
    table([['CPU ms per turn', ...CPU_HEAD], ...rows]),
    '',
    `turns 191 to 200 / turns 2 to 10: ${growth} (target 1.1)`,
  ].join('\n');
};

/** The last line of `--json`. */
export const comparisonJson = (comparison: Comparison): string =>
  JSON.stringify(Object.fromEntries(VARIANTS.map((variant) => [variant, summary(comparison[variant])])));

export const longJson = ({ opening, first, last }: LongRun): string =>
  JSON.stringify({
    long: {
      openingCpuMs: round(cpuPerTurn(opening)),
      firstCpuMs: round(cpuPerTurn(first)),
      lastCpuMs: round(cpuPerTurn(last)),
    },
  });

const summary = ({ whole, tasks }: Measured) => ({
  cpuMsPerTurn: round(cpuPerTurn(whole)),
  firstDeltaMs: quantiles(whole, 'firstDelta'),
  finalMs: quantiles(whole, 'final'),
  workflowTasksPerTurn: round(tasks.workflowTasksPerTurn),
  activityTasksPerTurn: round(tasks.activityTasksPerTurn),
});

const CPU_HEAD = ['all', ...PARTS.map((part) => (part === 'model' ? '(model)' : part))];

const cpuColumns = (block: Block): string[] => [
  cpuPerTurn(block).toFixed(2),
  ...PARTS.map((part) => (block.usage[part] / block.turns).toFixed(2)),
];

const columns = ({ whole, tasks }: Measured): string[] => {
  const first = quantiles(whole, 'firstDelta');
  const final = quantiles(whole, 'final');
  return [
    ((whole.turns / whole.ms) * 1_000).toFixed(1),
    ...[first.p50, first.p95, final.p50, final.p95].map((ms) => ms.toFixed(0)),
    tasks.workflowTasksPerTurn.toFixed(2),
    tasks.activityTasksPerTurn.toFixed(2),
  ];
};

const quantiles = ({ times }: Block, which: 'firstDelta' | 'final') => {
  const all = times.map((one) => one[which]);
  return { p50: round(quantile(all, 0.5)), p95: round(quantile(all, 0.95)) };
};

/** By rank: the smallest value that at least this share of them do not exceed. */
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? Number.NaN;

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

/** The first column to the left, numbers to the right. */
const table = (rows: readonly string[][]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return rows.map(line).join('\n');
};
