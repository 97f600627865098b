import { resolve } from 'node:path';
import { program } from 'commander';
import { launcherConfig, readConfig } from '../config.ts';
import { announce } from './announce.ts';
import { bringUp } from './bring-up.ts';
import { defaultDataDir } from './desk-file.ts';
import { createEnding, exitCodeOf, type Reason } from './ending.ts';
import { lastWords } from './processes.ts';
import { openSite } from './site.ts';

/** Entry of `npm start`: the whole desk on this machine, until Ctrl-C. */
const run = async (dataDir: string): Promise<number> => {
  const startedAt = performance.now();
  const ending = createEnding();
  const site = await openSite({ dataDir, config: readConfig(launcherConfig), onDeath: ending.died });
  process.on('exit', site.kill);
  ending.listen(site.kill);
  // A terminal that is closed must not turn the next line into a crash halfway through stopping.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  if (site.leftovers.length > 0)
    console.log(`Ended what an earlier start had left running: ${site.leftovers.join(', ')}`);
  try {
    let ready = false;
    const starting = bringUp(site).then(async (desk) => {
      ready = true;
      console.log(await announce(site, desk, performance.now() - startedAt));
    });
    const reason = await Promise.race([ending.reason, starting.then(() => ending.reason)]);
    starting.catch(() => {});
    return report(reason, ready);
  } finally {
    await site.close();
  }
};

/** Says why the desk ends. Returns the exit code: stopping a desk that was ready is no failure. */
const report = (reason: Reason, ready: boolean): number => {
  if ('signal' in reason) {
    console.log(`\nStopping (${reason.signal}) …`);
    return ready ? 0 : exitCodeOf(reason.signal);
  }
  console.error(
    `\n${reason.died.name} ended by itself (${reason.died.ended()})${lastWords(reason.died)}\nStopping the rest …`,
  );
  return 1;
};

const { data } = program
  .name('npm start --')
  .description('Brings the whole desk up on this machine and prints its addresses.')
  .option('--data <folder>', 'where this desk keeps its data; each folder is a desk of its own', defaultDataDir)
  .parse()
  .opts<{ data: string }>();
try {
  process.exit(await run(resolve(data)));
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
