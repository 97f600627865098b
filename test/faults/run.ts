import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError, InvalidArgumentError, program } from 'commander';
import { startServices } from '../services.ts';
import { CASES } from './cases.ts';
import { runCase, whatIsMissing } from './run-case.ts';
import type { FaultCase } from './setting.ts';

/**
 * Entry of `npm run faults`. Exit codes: 0 when every promise held, 1 when one did not or the run broke, 2 for a command line
 * that makes no sense.
 */
const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('must be a whole number above 0');
  return value;
};

const named = (text: string): FaultCase[] =>
  text.split(',').map((name) => {
    const found = CASES.find((fault) => fault.name === name.trim().toUpperCase());
    if (found) return found;
    throw new InvalidArgumentError(`there is ${CASES.map((fault) => fault.name).join(', ')}`);
  });

program
  .name('npm run faults --')
  .description('Breaks a desk of real processes, and checks from the outside that it kept its promises.')
  .option('--only <faults>', 'faults to inflict, comma-separated', named, [...CASES])
  .option('--trials <count>', 'customers to strike with each fault', whole, 10)
  .option('--seed <number>', 'decides every random choice', whole, 1)
  .option('--json', 'end with one line of JSON')
  .exitOverride();

type Options = { only: FaultCase[]; trials: number; seed: number; json?: true };

const run = async (): Promise<number> => {
  const { only, trials, seed, json } = program.parse().opts<Options>();
  const say = (text: string): void => console.error(text);
  const folder = mkdtempSync(join(tmpdir(), 'duradesk-faults-'));
  say(`seed ${seed}, lines and evidence in ${folder}`);
  const stop = await startServices();
  const worst: Record<string, Record<string, number>> = {};
  const skipped: Record<string, string> = {};
  let violations = 0;
  let injections = 0;
  try {
    for (const fault of only) {
      const missing = whatIsMissing(fault);
      if (missing !== null) {
        skipped[fault.name] = missing;
        say(`${fault.name} ${fault.title}: skipped. ${missing}`);
        continue;
      }
      const begun = performance.now();
      const result = await runCase(fault, {
        seed,
        trials,
        folder: join(folder, fault.name),
        progress: (done) => process.stderr.isTTY && process.stderr.write(`\r${fault.name} ${done}/${trials} `),
      });
      worst[fault.name] = result.worst;
      violations += result.violations.length;
      injections += result.injections;
      const seconds = Math.round((performance.now() - begun) / 1_000);
      const figures = Object.entries(result.worst).map(([what, ms]) => `${what} ${ms}`);
      say(
        `${fault.name} ${fault.title}: ${result.violations.length} violations in ${trials} trials, ${result.injections} injections, ${seconds} s`,
      );
      say(`   worst: ${figures.join(', ')}`);
      for (const { promise, conversation, what } of result.violations) say(`   ${promise} ${conversation}: ${what}`);
    }
  } finally {
    await stop();
  }
  if (json)
    console.log(
      JSON.stringify({
        trials: trials * Object.keys(worst).length,
        violations,
        injections,
        worst,
        seed,
        ...(Object.keys(skipped).length > 0 && { skipped }),
      }),
    );
  return violations === 0 ? 0 : 1;
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(error);
  return 1;
};

process.exitCode = await run().catch(exitCodeOf);
