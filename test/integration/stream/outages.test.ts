import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectCommands, ready } from '../../../stream/connection.ts';
import { delta, eventually, fresh, listen, newConversationId, said, started } from '../../contracts/event-log/rig.ts';
import { startRedis, type TestRedis } from '../../redis.ts';
import { connectEnds } from './ends.ts';

/** A TCP relay to Redis that can swallow what Redis answers. */
const relayTo = async (port: number) => {
  let swallow = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    client.pipe(upstream);
    upstream.on('data', (chunk) => void (swallow || client.write(chunk)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `redis://127.0.0.1:${address.port}`,
    swallowAnswers(on: boolean) {
      swallow = on;
    },
    cut,
    close() {
      cut();
      server.close();
    },
  };
};

describe('the event log while Redis fails', () => {
  let server: TestRedis;
  let ends: Awaited<ReturnType<typeof connectEnds>>;
  beforeEach(async () => {
    server = await startRedis();
    ends = await connectEnds(server.url);
  });
  afterEach(async () => {
    ends.close();
    await server.stop();
  });
  const openTurn = async (id: string) =>
    fresh(await ends.writer.open(id, { term: 0, turn: 1 }, { once: [], always: () => [] }));

  test('everything is refused at once while it is down, and works again when it is back', async () => {
    const id = newConversationId();
    const draft = await openTurn(id);
    await server.kill();
    await eventually(() => ends.commands.status !== 'ready' && ends.subscriber.status !== 'ready');
    const begun = performance.now();
    const listener = { onEvents: () => undefined, onGap: () => undefined };
    for (const call of [
      openTurn(id),
      ends.writer.append(draft, [delta(1, 1, 0, 'x')]),
      ends.writer.raise(id, 1),
      ends.reader.head(id),
      ends.reader.after(id, { generation: draft.generation, seq: 0 }, 1),
      ends.reader.subscribe(id, listener),
    ])
      await expect(call).rejects.toMatchObject({
        name: 'StreamUnavailable',
        message: expect.stringContaining('check the server at REDIS_URL'),
      });
    expect(performance.now() - begun).toBeLessThan(200);

    const down = performance.now();
    await server.restartEmpty();
    await ends.reconnected();
    expect(performance.now() - down).toBeLessThan(2_000);
    await openTurn(id);
    // Nothing of what was refused was sent afterwards.
    expect(await ends.reader.head(id)).toMatchObject({ seq: 0 });
    (await ends.reader.subscribe(id, listener))();
  });

  test('a Redis that hangs is given up within 5 s, and listeners are told once it is back', async () => {
    const id = newConversationId();
    const draft = await openTurn(id);
    const { heard, gaps, end } = await listen(ends.reader, id);
    server.freeze();
    const begun = performance.now();
    await expect(ends.writer.append(draft, [delta(1, 1, 0, 'late')])).rejects.toThrow('did not serve "append"');
    await eventually(() => ends.subscriber.status !== 'ready');
    expect(performance.now() - begun).toBeLessThan(5_000);
    // Connecting again takes as long as Redis hangs; nothing waits for it.
    await eventually(() => ends.commands.status === 'connect');
    const refused = performance.now();
    await expect(ends.writer.append(draft, [delta(1, 1, 0, 'late')])).rejects.toThrow('did not serve "append"');
    expect(performance.now() - refused).toBeLessThan(200);
    server.thaw();
    const thawed = performance.now();
    await eventually(() => gaps.count > 0);
    expect(performance.now() - thawed).toBeLessThan(5_000);
    await ends.reconnected();
    fresh(await ends.writer.append(draft, [delta(1, 1, 0, 'on')]));
    await eventually(() => heard.length > 0);
    end();
  });

  test('an append whose answer was lost is not sent again', async () => {
    const relay = await relayTo(server.port);
    const through = await connectEnds(relay.url);
    try {
      const id = newConversationId();
      const draft = fresh(await through.writer.open(id, { term: 0, turn: 1 }, { once: [said(1)], always: started(1) }));
      relay.swallowAnswers(true);
      const lost = expect(through.writer.append(draft, [delta(1, 1, 0, 'once')])).rejects.toThrow('did not serve');
      await eventually(async () => (await ends.reader.head(id))?.seq === 3);
      relay.cut();
      await lost;
      relay.swallowAnswers(false);
      await through.reconnected();
      expect(await through.reader.head(id)).toMatchObject({ seq: 3 });
    } finally {
      through.close();
      relay.close();
    }
  });

  test('scripts that Redis forgot are loaded again', async () => {
    const id = newConversationId();
    const draft = await openTurn(id);
    fresh(await ends.writer.append(draft, [delta(1, 1, 0, 'a')]));
    await ends.commands.script('FLUSH');
    expect(await ends.writer.append(draft, [delta(1, 1, 1, 'b')])).toMatchObject({ seq: 2 });
  });

  test('an error holds neither text nor password', async () => {
    const id = newConversationId();
    const draft = await openTurn(id);
    await ends.commands.set(`{${id}}:events`, 'none of ours');
    const failed: unknown = await ends.writer.append(draft, [delta(1, 1, 0, 'canary')]).catch((error) => error);
    expect(inspect(failed, { depth: 20, showHidden: true })).toMatch(/^(?!.*canary).*WRONGTYPE/s);

    const locked = await startRedis(['--requirepass', 'the-right-password']);
    const errors: unknown[] = [];
    const refused = connectCommands(locked.url.replace('//', '//:canary@'), (error) => errors.push(error));
    await expect(ready(refused, 300)).rejects.toThrow('start it or correct REDIS_URL');
    refused.disconnect();
    await locked.stop();
    expect(inspect(errors, { depth: 20, showHidden: true })).toMatch(/^(?!.*canary).*WRONGPASS/s);
  });

  test('a full Redis refuses whole appends', async () => {
    const full = await startRedis(['--maxmemory', '3mb']);
    const small = await connectEnds(full.url);
    try {
      const id = newConversationId();
      const draft = fresh(await small.writer.open(id, { term: 0, turn: 1 }, { once: [], always: () => [] }));
      const events = Array.from({ length: 3 }, () => delta(1, 1, 0, 'x'.repeat(100_000)));
      const fill = async () => {
        for (;;) fresh(await small.writer.append(draft, events));
      };
      await expect(fill()).rejects.toThrow('OOM');
      const { seq = 0 } = (await small.reader.head(id)) ?? {};
      expect(seq).toBeGreaterThan(0);
      expect(seq % 3).toBe(0);
    } finally {
      small.close();
      await full.stop();
    }
  });
});
