import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createAnnouncer } from '../../../activities/announcing.ts';
import { schemes } from '../../../gateway/webhooks/schemes.ts';
import { createOutbound } from '../../../integrations/outbound.ts';
import { createWebhookEvents, type WebhookEvents } from '../../../store/webhook-events.ts';
import { createServer, listen } from '../../fakes/listen.ts';
import { openRecord, type TestRecord } from './rig.ts';

const SECRETS = ['the new secret of thirty-two chars', 'the old secret of thirty-two chars'];

type Received = {
  id: string;
  genuine: boolean;
  body: { id: string; type: string; conversation: object; detail: object };
};

let record: TestRecord;
let events: WebhookEvents;
let receiver: Awaited<ReturnType<typeof listen>>;
let announce: () => Promise<boolean>;
let received: Received[] = [];
let answers: (number | 'cut')[] = [];
const outbound = createOutbound({ allow: ['127.0.0.1'] });

beforeAll(async () => {
  record = await openRecord();
  events = createWebhookEvents(record.db);
  const app = createServer();
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post<{ Body: Buffer }>('/hook', async (request, reply) => {
    const delivery = { method: 'POST', url: '', headers: request.headers, body: request.body };
    const found = SECRETS.map((secret) => schemes.duradesk(delivery, secret));
    received.push({
      id: found[0]?.id ?? '',
      genuine: found.every((one) => one !== null && Math.abs(Date.now() - one.sentAt.getTime()) < 5_000),
      body: JSON.parse(request.body.toString()),
    });
    const answer = answers.shift() ?? 204;
    if (answer !== 'cut') return reply.code(answer).send();
    request.raw.socket.destroy();
    return reply.hijack();
  });
  receiver = await listen(app);
  const target = { url: `${receiver.url}/hook`, secrets: SECRETS };
  announce = createAnnouncer({ events, target, outbound });
  await events.announceTo(target.url);
});
beforeEach(async () => {
  await sql`delete from webhook_events`.execute(record.db);
  received = [];
  answers = [];
});
afterAll(async () => {
  await outbound.close();
  await receiver.close();
  await record.close();
});

const all = async () => {
  while (await announce());
};
const dueNow = () => sql`update webhook_events set due_at = now() where due_at is not null`.execute(record.db);

describe('events of conversations', () => {
  test('are posted with ids, without a word of what was said, signed with both secrets', async () => {
    const conversationId = await record.conversation('customer:ada', 'my secret canary');
    await record.tickets.add({ system: 'built-in', ticketId: '7' }, conversationId);
    await record.conversations.resolve(conversationId, { outcome: 'assistant', reason: 'idle' });
    await all();
    expect(received.map(({ body }) => body.type).sort()).toEqual([
      'conversation.opened',
      'conversation.resolved',
      'ticket.opened',
      'turn.ended',
    ]);
    for (const { id, genuine, body } of received) {
      expect([genuine, id]).toEqual([true, body.id]);
      expect(body.conversation).toEqual({ id: conversationId, customer: 'ada' });
      expect(JSON.stringify(body)).not.toContain('canary');
    }
    expect(await events.waiting('all', 10)).toEqual([]);
  });

  test('are tried again, later each time, under the same id, also when their worker died with them', async () => {
    const conversationId = await record.conversation();
    answers = [500, 302];
    await announce();
    await announce();
    const waiting = await events.waiting('all', 10);
    expect(waiting.map(({ dead, attempts, lastError }) => [dead, attempts, lastError])).toEqual(
      expect.arrayContaining([
        [false, 1, '500'],
        [false, 1, '302'],
      ]),
    );
    expect(await announce()).toBe(false);
    await dueNow();
    // Taken and never heard of again.
    expect(await events.take(60_000)).not.toBeNull();
    await dueNow();
    await all();
    const ids = received.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.length).toBe(4);
    expect(await events.waiting('all', 10)).toEqual([]);
    expect(received.every(({ body }) => JSON.stringify(body.conversation).includes(conversationId))).toBe(true);
  });

  test('are dead letters after twenty attempts or when the receiver is gone, until they are replayed', async () => {
    await record.conversation();
    answers = ['cut', 410];
    for (let attempt = 0; attempt < 30; attempt++) {
      answers.push('cut');
      await announce();
      await dueNow();
    }
    const dead = await events.waiting('dead', 10);
    expect(dead.map(({ attempts }) => attempts).sort((a, b) => a - b)).toEqual([1, 20]);
    expect(await announce()).toBe(false);
    const [one] = dead;
    answers = [];
    expect(await events.replay(one?.id ?? null)).toBe(1);
    expect(await events.replay('00000000-0000-4000-8000-000000000000')).toBe(0);
    await all();
    expect(await events.waiting('all', 10)).toHaveLength(1);
    expect(await events.replay(null)).toBe(1);
    await all();
    expect(await events.waiting('all', 10)).toEqual([]);
  });

  test('are taken by one of many', async () => {
    for (let n = 0; n < 5; n++) await record.conversation();
    await Promise.all(Array.from({ length: 8 }, all));
    expect(received).toHaveLength(10);
    expect(new Set(received.map(({ id }) => id)).size).toBe(10);
  });

  test('are not kept where nobody wants them', async () => {
    await events.announceTo(null);
    await record.conversation();
    expect(await events.waiting('all', 10)).toEqual([]);
    await events.announceTo(`${receiver.url}/hook`);
  });
});
