import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { delta, fresh, newConversationId, started } from '../../contracts/event-log/rig.ts';
import { startRedis, type TestRedis } from '../../redis.ts';
import { connectEnds } from './ends.ts';

let server: TestRedis;
let ends: Awaited<ReturnType<typeof connectEnds>>;
beforeAll(async () => {
  server = await startRedis();
  ends = await connectEnds(server.url, { idleSeconds: 100 });
});
afterAll(async () => {
  ends.close();
  await server.stop();
});
const openTurn = async (id: string) =>
  fresh(await ends.writer.open(id, { term: 0, turn: 1 }, { once: [], always: started(1) }));
const keysOf = (id: string) => [`{${id}}:events`, `{${id}}:log`];
const ttls = async (id: string) => Promise.all(keysOf(id).map((key) => ends.commands.ttl(key)));

test('each write gives the log its whole time to live again', async () => {
  const id = newConversationId();
  const draft = await openTurn(id);
  const writes = [
    () => ends.writer.append(draft, [delta(1, 1, 0, 'a')]),
    () => ends.writer.raise(id, 0),
    () => openTurn(id),
  ];
  for (const write of writes) {
    for (const key of keysOf(id)) await ends.commands.expire(key, 5);
    await write();
    for (const ttl of await ttls(id)) expect(ttl).toBeGreaterThan(90);
  }
  await ends.writer.raise(newConversationId(), 1);
  expect((await ends.commands.keys('*')).filter((key) => !key.startsWith(`{${id}}`))).toHaveLength(1);
  for (const key of await ends.commands.keys('*')) expect(await ends.commands.ttl(key)).toBeGreaterThan(0);
});

test('an evicted log begins anew although its events are left over', async () => {
  const id = newConversationId();
  const before = await openTurn(id);
  await ends.commands.del(`{${id}}:log`);
  expect(await ends.writer.append(before, [delta(1, 1, 0, 'late')])).toBe('stale');
  await ends.writer.raise(id, 0);
  const after = await openTurn(id);
  const range = await ends.reader.after(id, { generation: after.generation, seq: 0 }, 10);
  expect(range.continuous && range.events.map(({ event }) => event.type)).toEqual(['reply.started']);
});

test('evicted events are a gap to whoever had not read them, and the log goes on', async () => {
  const id = newConversationId();
  const draft = await openTurn(id);
  const { generation } = draft;
  await ends.commands.del(`{${id}}:events`);
  expect(await ends.reader.after(id, { generation, seq: 0 }, 10)).toEqual({ continuous: false });
  fresh(await ends.writer.append(draft, [delta(1, 1, 0, 'on')]));
  expect(await ends.reader.head(id)).toMatchObject({ seq: 2, first: 2 });
});

test('an entry that is none of ours cannot be proven continuous', async () => {
  const id = newConversationId();
  const draft = await openTurn(id);
  await ends.commands.del(`{${id}}:events`);
  await ends.commands.xadd(`{${id}}:events`, '1-0', 'e', '{"half":');
  expect(await ends.reader.after(id, { generation: draft.generation, seq: 0 }, 10)).toEqual({ continuous: false });
});

test('positions are exact up to 2^53, less the 48 that the client rounds', async () => {
  const id = newConversationId();
  const draft = await openTurn(id);
  const { generation } = draft;
  const seq = 2 ** 53 - 51;
  await ends.commands.hset(`{${id}}:log`, 'seq', seq);
  expect(await ends.writer.append(draft, [delta(1, 1, 0, 'a'), delta(1, 1, 1, 'b')])).toEqual({
    generation,
    seq: seq + 2,
  });
  const range = await ends.reader.after(id, { generation, seq: seq + 1 }, 10);
  expect(range.continuous && range.events.map(({ position }) => position.seq)).toEqual([seq + 2]);
  await ends.commands.xtrim(`{${id}}:events`, 'MAXLEN', '=', 1);
  expect(await ends.reader.head(id)).toMatchObject({ seq: seq + 2, first: seq + 2 });
});
