import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Entry of `npm test`: everything; `npm test -- <arguments of jest>` runs what they select. Its last line counts all tests
 * of all levels: `12 passed, 0 failed`.
 */
const require = createRequire(import.meta.url);
const jest = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');

/** Levels that share services and the machine's two cores run one file after the other. */
const everything = [
  ['--selectProjects', 'unit', 'replay'],
  ['--selectProjects', 'workflow', 'integration', 'system', 'browser', '--runInBand'],
];

/** What jest counted. A file that could not be loaded holds no test that failed, and so counts as one. */
const countsOf = (report) => {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
};

const folder = mkdtempSync(join(tmpdir(), 'duradesk-report-'));
const selected = process.argv.slice(2);
const total = { passed: 0, failed: 0, skipped: 0 };
let exitCode = 0;
for (const [index, args] of (selected.length > 0 ? [selected] : everything).entries()) {
  const report = join(folder, `${index}.json`);
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings=ExperimentalWarning',
      jest,
      ...args,
      '--json',
      `--outputFile=${report}`,
    ],
    { stdio: ['inherit', 'ignore', 'inherit'] },
  );
  exitCode ||= status ?? 1;
  const counts = countsOf(report);
  for (const name of Object.keys(total)) total[name] += counts[name];
}
rmSync(folder, { recursive: true, force: true });

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = exitCode;
