import { type Command, InvalidArgumentError } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { groupGaps } from '../knowledge/gaps.ts';
import { createVectors } from '../knowledge/vectors.ts';
import { createDatabase } from '../store/database.ts';
import { createGaps } from '../store/gaps.ts';
import { openEmbedder } from '../workers/embedder.ts';
import { command } from './output.ts';

/** Questions looked at; the newest of them. */
const LIMIT = 1_000;

export const gapsCommand = (): Command =>
  command<{ days: number }>(
    'gaps',
    'list what customers asked and neither articles nor tools could answer, the most asked first',
    async ({ days }, progress) => {
      const { DATABASE_URL, ...embeddings } = readConfig(
        workerConfig.pick({ DATABASE_URL: true, DESK_EMBEDDINGS: true, OPENAI_BASE_URL: true, OPENAI_API_KEY: true }),
      );
      const onTrouble = () => progress('there are no embeddings: only questions of the same words are grouped');
      const embedder = await openEmbedder(embeddings, onTrouble);
      const db = createDatabase(DATABASE_URL, () => {}, 1);
      try {
        const unanswered = await createGaps(db).unanswered(days, LIMIT);
        const gaps = await groupGaps(unanswered, createVectors(embedder, onTrouble));
        return {
          ok: true,
          data: gaps,
          lines:
            gaps.length === 0
              ? [`everything that was asked in the last ${days} days had an answer`]
              : gaps.map(
                  ({ asked, lastAt, intent, question }) =>
                    `${String(asked).padStart(4)} ×  ${lastAt.toISOString().slice(0, 10)}  ${intent ?? '–'}  ${oneLine(question)}`,
                ),
        };
      } finally {
        await db.destroy();
        await embedder?.close();
      }
    },
  ).option('--days <count>', 'how far back to look', wholeDays, 30);

const wholeDays = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3_650)
    throw new InvalidArgumentError('must be a number of days from 1 to 3650.');
  return days;
};

/** Customers' text goes to a terminal: no line breaks, no control characters. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{C}\s]+/gu, ' ').slice(0, 160);
