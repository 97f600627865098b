import { program } from 'commander';
import { exitCodeOf } from '../local/ending.ts';
import { loadPlaybook } from '../playbook.ts';
import { compare } from './compare.ts';
import { createDriver } from './driver.ts';
import { runLong } from './long.ts';
import { comparisonJson, comparisonTable, longJson, longTable } from './report.ts';
import { startRig, VARIANTS } from './rig.ts';

/** Entry of `npm run bench:turn`: what a turn costs here, and built as one usually would. */
const run = async ({ turns, long, json }: { turns: number; long?: true; json?: true }): Promise<void> => {
  const say = (line: string) => console.error(line);
  const rig = await startRig(long ? ['ours'] : VARIANTS, say);
  const { playbook } = await loadPlaybook(rig.playbook);
  const questions = playbook.intents.flatMap(({ examples }) => examples);
  const driver = await createDriver(rig);
  if (long) {
    const result = await runLong(rig, driver, questions, say);
    console.log(longTable(result));
    if (json) console.log(longJson(result));
  } else {
    const result = await compare(rig, driver, questions, turns, say);
    console.log(comparisonTable(result));
    if (json) console.log(comparisonJson(result));
  }
  await driver.close();
  await rig.stop();
};

const options = program
  .name('npm run bench:turn --')
  .description('Measures the CPU and the latency of one turn, against the same turn built of normal activities.')
  .option('--turns <number>', 'turns of each variant, rounded up to whole blocks of 200', Number, 2_000)
  .option('--long', 'instead: turns 1 to 10 against turns 191 to 200 of the same conversations')
  .option('--json', 'the figures as JSON in the last line')
  .parse()
  .opts<{ turns: number; long?: true; json?: true }>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(exitCodeOf(signal)));
try {
  await run(options);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
