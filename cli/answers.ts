import { Command, InvalidArgumentError } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { createAnswerShelf } from '../store/answer-shelf.ts';
import { createDatabase } from '../store/database.ts';
import { oneLine } from './gaps.ts';
import { command, type Result } from './output.ts';

/** Answers listed; the pinned ones and those that are served most. */
const LIMIT = 200;

type Shelf = ReturnType<typeof createAnswerShelf>;

export const answersCommand = (): Command =>
  new Command('answers')
    .description('answers that are kept for common questions')
    .addCommand(
      command('list', 'list them, pinned ones first, then by how often they were served', () => onShelf(list)),
    )
    .addCommand(
      byId('pin', 'vouch for an answer: it does not age and is served to everybody who asks that', (shelf, id) =>
        shelf.pin(id),
      ),
    )
    .addCommand(byId('unpin', 'take a pin back, and the answer with it', (shelf, id) => shelf.unpin(id)))
    .addCommand(
      command<{ pinned?: true }>('clear', 'forget all that are not pinned', ({ pinned }) =>
        onShelf(async (shelf) => {
          const forgotten = await shelf.clear({ pinned: pinned === true });
          return { ok: true, data: { forgotten }, lines: [`forgot ${forgotten} answers`] };
        }),
      ).option('--pinned', 'and those that are'),
    );

const list = async (shelf: Shelf): Promise<Result> => {
  const answers = await shelf.list(LIMIT);
  return {
    ok: true,
    data: answers,
    lines:
      answers.length === 0
        ? ['no answer is kept']
        : answers.flatMap(({ id, pinned, stale, served, audience, language, intent, question, text }) => [
            `${id.padStart(6)}  ${pinned ? 'pinned' : ''}${stale ? ' stale' : ''} served ${served} ×  ${audience}, ${language}, ${intent || 'no intent'}`,
            `        ${oneLine(question)}`,
            `        ${oneLine(text)}`,
          ]),
  };
};

const byId = (name: 'pin' | 'unpin', description: string, work: (shelf: Shelf, id: string) => Promise<boolean>) => {
  const made = command<{ id: string }>(name, description, ({ id }) =>
    onShelf(async (shelf) => {
      const done = await work(shelf, id);
      const failure = name === 'pin' ? `there is no answer ${id}` : `there is no pinned answer ${id}`;
      return { ok: done, data: { id, done }, lines: [done ? `${name}ned ${id}` : failure] };
    }),
  );
  return made.requiredOption('--id <id>', 'as `duradesk answers list` prints it', wholeId);
};

const wholeId = (text: string): string => {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('must be a number of `duradesk answers list`.');
  return text;
};

const onShelf = async (work: (shelf: Shelf) => Promise<Result>): Promise<Result> => {
  const { DATABASE_URL } = readConfig(workerConfig.pick({ DATABASE_URL: true }));
  const db = createDatabase(DATABASE_URL, () => {}, 1);
  try {
    return await work(createAnswerShelf(db));
  } finally {
    await db.destroy();
  }
};
