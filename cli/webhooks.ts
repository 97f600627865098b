import { Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { readConfig, workerConfig } from '../config.ts';
import { createDatabase } from '../store/database.ts';
import { createWebhookEvents, type WaitingEvent, type WebhookEvents } from '../store/webhook-events.ts';
import { command } from './output.ts';

const MOST = 1_000;

/** Events to the company that did not reach it. */
export const webhooksCommand = (): Command =>
  new Command('webhooks')
    .description('events that the company was not told of')
    .addCommand(
      command<{ all?: true }>('list', 'list dead letters: events that were given up', async ({ all }) => {
        const events = await withEvents((store) => store.waiting(all ? 'all' : 'dead', MOST));
        return { ok: true, data: events, lines: events.length === 0 ? ['none'] : events.map(lineOf) };
      }).option('--all', 'also those that wait for their next attempt'),
    )
    .addCommand(
      command<{ id?: string }>('replay', 'put dead letters back on their way', async ({ id }) => {
        const replayed = await withEvents((store) => store.replay(id ?? null));
        const lines = [replayed === 1 ? '1 event is on its way again' : `${replayed} events are on their way again`];
        return { ok: id === undefined || replayed === 1, data: { replayed }, lines };
      }).option('--id <id>', 'only this one', toId),
    );

const withEvents = async <T>(work: (events: WebhookEvents) => Promise<T>): Promise<T> => {
  const { DATABASE_URL } = readConfig(workerConfig.pick({ DATABASE_URL: true }));
  const db = createDatabase(DATABASE_URL, () => {}, 1);
  try {
    return await work(createWebhookEvents(db));
  } finally {
    await db.destroy();
  }
};

const lineOf = ({ id, at, type, conversationId, attempts, dead, lastError }: WaitingEvent): string =>
  `${id}  ${at}  ${type}  ${conversationId}  ${dead ? 'given up' : 'waiting'} after ${attempts}: ${lastError ?? 'nothing yet'}`;

const toId = (text: string): string => {
  if (z.uuid().safeParse(text).success) return text;
  throw new InvalidArgumentError('It must be an id as list shows it.');
};
