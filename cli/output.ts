import { Command } from 'commander';

/** What a command came to: lines for a person, the same as data for a program. `ok: false` makes the exit code 1. */
export type Result = { ok: boolean; lines: string[]; data: unknown };

/** Progress, for whoever watches: silent where the output goes to a file or another program. */
export type Progress = (line: string) => void;

type Work<O> = (options: O, progress: Progress) => Promise<Result>;

/** A command with `--json`: then its data is the only line of its output. */
export const command = <O>(name: string, description: string, work: Work<O>): Command =>
  new Command(name)
    .description(description)
    .option('--json', 'print one line of JSON')
    .action(async (options: O & { json?: boolean }) => {
      const watched = process.stderr.isTTY && options.json !== true;
      const { ok, lines, data } = await work(options, (line) => {
        if (watched) console.error(line);
      });
      console.log(options.json === true ? JSON.stringify(data) : lines.join('\n'));
      if (!ok) process.exitCode = 1;
    });
