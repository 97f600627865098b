import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually, fresh, listen, newConversationId, started, upTo } from '../../contracts/event-log/rig.ts';
import { startRedis, type TestRedis } from '../../redis.ts';
import { connectEnds } from './ends.ts';

describe('subscriptions', () => {
  let server: TestRedis;
  let admin: Redis;
  let ends: Awaited<ReturnType<typeof connectEnds>>;
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
    ends = await connectEnds(server.url);
  });
  afterAll(async () => {
    admin.disconnect();
    ends.close();
    await server.stop();
  });
  const openTurn = async (id: string) =>
    fresh(await ends.writer.open(id, { term: 0, turn: 1 }, { once: [], always: started(1) }));
  const listenersAt = async (id: string) => (await admin.pubsub('NUMSUB', `{${id}}:live`))[1];

  test('2,000 conversations share one connection, and all hear of it when it was lost', async () => {
    const ids = upTo(2_000).map(newConversationId);
    const listening = await Promise.all(ids.map((id) => listen(ends.reader, id)));
    expect(await admin.call('CLIENT', 'LIST', 'TYPE', 'pubsub')).toMatch(/^[^\n]+ name=duradesk-live [^\n]+\n$/);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await eventually(() => listening.every(({ gaps }) => gaps.count === 1));
    for (const id of ids) await openTurn(id);
    await eventually(() => listening.every(({ heard }) => heard.length === 1));
    for (const { end } of listening) end();
    await eventually(async () => (await admin.pubsub('CHANNELS')).length === 0);
  });

  test('a channel is joined by the first listener and left with the last', async () => {
    const id = newConversationId();
    const one = await listen(ends.reader, id);
    const two = await listen(ends.reader, id);
    expect(await listenersAt(id)).toBe(1);
    one.end();
    one.end();
    await openTurn(id);
    await eventually(() => two.heard.length === 1);
    two.end();
    const three = await listen(ends.reader, id);
    await openTurn(id);
    await eventually(() => three.heard.length === 1);
    three.end();
    await eventually(async () => (await listenersAt(id)) === 0);
  });

  test('when a listener is told of a gap its channel is joined again already', async () => {
    const id = newConversationId();
    const joined: unknown[] = [];
    const end = await ends.reader.subscribe(id, {
      onEvents: () => undefined,
      onGap: () => void listenersAt(id).then((count) => joined.push(count)),
    });
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await eventually(() => joined.length > 0);
    expect(joined).toEqual([1]);
    end();
  });

  test.each([
    'no JSON',
    '{"generation":"g","first":0,"events":[]}',
    '{"generation":"g","first":1,"events":[{"id":"a","at":"b","event":"message.added"}]}',
  ])('a publication that is none of ours, %j, counts as a gap', async (text) => {
    const id = newConversationId();
    const { heard, gaps, end } = await listen(ends.reader, id);
    await admin.publish(`{${id}}:live`, text);
    await eventually(() => gaps.count === 1);
    expect(heard).toEqual([]);
    end();
  });
});
