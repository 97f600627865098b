import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * Entry of `npm test`: everything; `npm test -- <arguments of jest>` runs what they select. Its last line counts all tests
 * of all levels: `12 passed, 0 failed`.
 */
const require = createRequire(import.meta.url);
const jest = join(dirname(require.resolve('jest/package.json')), 'bin', 'jest.js');

/** Files that are given a second run. */
const MOST_ACCIDENTS = 3;

/** Levels that share services and the machine's two cores run one file after the other. */
const everything = [
  ['--selectProjects', 'unit', 'replay'],
  ['--selectProjects', 'workflow', 'integration', 'system', 'browser', '--maxWorkers=1'],
];

/**
 * Tests wait for processes and timers on a machine that others may use at the same moment. A file that fails is run once more,
 * alone, and named; one that fails again has failed. Not what is the same on every machine, random inputs, and the faults: a
 * promise that was broken once is broken.
 */
const onRealTime = /\/test\/(?!replay\/|system\/faults\.test\.ts$).*(?<!\.property)\.test\.ts$/;

/** What jest counted. A file that could not be loaded holds no test that failed, and so counts as one. */
const countsOf = (result) => ({
  passed: result.numPassedTests,
  failed: result.numFailedTests + result.numRuntimeErrorTestSuites || (result.success ? 0 : 1),
  skipped: result.numPendingTests + result.numTodoTests,
});

const countsOfFile = ({ assertionResults: tests }) => {
  const count = (...states) => tests.filter(({ status }) => states.includes(status)).length;
  return { passed: count('passed'), failed: count('failed') || 1, skipped: count('pending', 'todo') };
};

const folder = mkdtempSync(join(tmpdir(), 'duradesk-report-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const add = (counts, sign = 1) => {
  for (const name of Object.keys(total)) total[name] += sign * counts[name];
};

/** Runs jest. `null`: it ended before it could say how the tests went. */
const run = (args) => {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  spawnSync(
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
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return null;
  }
};

const selected = process.argv.slice(2);
const suspects = [];
for (const args of selected.length > 0 ? [selected] : everything) {
  const result = run(args);
  add(result ? countsOf(result) : { passed: 0, failed: 1, skipped: 0 });
  if (selected.length === 0 && result)
    suspects.push(...result.testResults.filter(({ name, status }) => status === 'failed' && onRealTime.test(name)));
}
const flaky = [];
// A handful may be accidents; more than that is a defect, or no machine to test on.
for (const suspect of suspects.length > MOST_ACCIDENTS ? [] : suspects) {
  const again = run(['--runInBand', '--runTestsByPath', suspect.name]);
  if (!again?.success) continue;
  add(countsOfFile(suspect), -1);
  add(countsOf(again));
  flaky.push(relative(process.cwd(), suspect.name));
}
rmSync(folder, { recursive: true, force: true });

for (const file of flaky) console.log(`flaky: ${file} failed, and passed when it was run again`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
