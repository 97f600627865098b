import { basename, dirname, resolve } from 'node:path';
import { CommanderError, InvalidArgumentError, Option, program } from 'commander';
import { messageText } from '../contracts/text.ts';
import { ask, NoAnswer } from './asking.ts';
import { defaultDataDir } from './desk-file.ts';

/** Entry of `npm run ask`. Exit codes: 0 with a final answer, 1 without one, 2 for a command line that makes no sense. */
const seconds = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 3_600)) throw new InvalidArgumentError('must be a number of seconds up to 3600');
  return value * 1_000;
};

/** A desk is named by its data folder or by the file in it. */
const deskFolder = (path: string): string => (basename(path) === 'desk.json' ? dirname(resolve(path)) : resolve(path));

program
  .name('npm run ask --')
  .description('Asks the running desk and streams the answer.')
  .argument('[question...]', 'what you would write on the customer page')
  .option('--conversation <id>', 'go on with an earlier conversation')
  .addOption(new Option('--as <customer>', 'ask as this signed-in customer, e.g. cus_ada').conflicts('anonymous'))
  .option('--anonymous', 'ask as a visitor; the sample company otherwise takes its first customer')
  .addOption(new Option('--confirm', 'say yes to what the answer asks to be confirmed').conflicts('cancel'))
  .option('--cancel', 'say no to it')
  .option('--person', 'ask for a person and wait for what they say')
  .option('--json', 'print one line of JSON instead of the text')
  .option('--desk <folder>', 'data folder of the desk to ask', deskFolder, defaultDataDir)
  .addOption(
    new Option('--timeout <seconds>', 'how long to wait for the answer').argParser(seconds).default(90_000, '90'),
  )
  .exitOverride();

type Options = {
  conversation?: string;
  as?: string;
  anonymous?: true;
  confirm?: true;
  cancel?: true;
  person?: true;
  json?: true;
  desk: string;
  timeout: number;
};

const run = async (): Promise<number> => {
  const options = program.parse().opts<Options>();
  const text = program.args.join(' ');
  const question = messageText.safeParse(text);
  if (!question.success && !(options.person && text === ''))
    program.error(`error: the question ${question.error.issues[0]?.message}`);
  // `head` and the like close their end as soon as they have seen enough.
  process.stdout.on('error', () => process.exit(1));
  await ask({
    question: text,
    person: options.person === true,
    dataDir: options.desk,
    conversationId: options.conversation,
    as: options.anonymous ? null : options.as,
    decision: options.confirm ? 'confirm' : options.cancel ? 'cancel' : undefined,
    timeoutMs: options.timeout,
    json: options.json === true,
    isTerminal: process.stdout.isTTY === true,
    write: (text) => process.stdout.write(text),
  });
  return 0;
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof NoAnswer)) throw error;
  console.error(error.message);
  return 1;
};

const code = await run().catch(exitCodeOf);
process.stdout.write('', () => process.exit(code));
