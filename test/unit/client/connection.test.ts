import { describe, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { added, events, setUp } from './rig.ts';

describe('a connection that ends', () => {
  test.each([
    ['now', CLOSE.restart, 500],
    ['now', 1006, 500],
    ['later', CLOSE.tooMany, 3_000],
    ['later', 1011, 3_000],
  ])('is opened again %s after %i', async (_, code, pauseMs) => {
    const { client, greet, newest, advance, sockets, clock } = setUp();
    await greet();
    newest().closeWith(code);
    expect(client.state().connection).toEqual({ status: 'waiting', retryAt: clock.now() + pauseMs });
    await advance(pauseMs - 1);
    expect(sockets).toHaveLength(1);
    await advance(1);
    expect(sockets).toHaveLength(2);
  });

  test('is not opened again when the gateway cannot serve this client', async () => {
    const { client, greet, newest, advance, sockets } = setUp();
    await greet();
    newest().closeWith(CLOSE.protocol);
    await advance(120_000);
    expect(sockets).toHaveLength(1);
    expect(client.state().connection).toEqual({ status: 'refused', code: CLOSE.protocol });
    client.reconnect();
    await advance(0);
    expect(sockets).toHaveLength(2);
  });

  test('waits longer each time, up to half a minute, until one holds', async () => {
    const { client, greet, newest, advance, clock } = setUp();
    const pauses: number[] = [];
    for (let n = 0; n < 7; n++) {
      await advance(0);
      newest().closeWith(1006);
      const { connection } = client.state();
      if (connection.status !== 'waiting') throw new Error(`is ${connection.status}`);
      pauses.push(connection.retryAt - clock.now());
      await advance(connection.retryAt - clock.now());
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    await greet();
    await advance(5_000);
    newest().closeWith(1006);
    expect(client.state().connection).toEqual({ status: 'waiting', retryAt: clock.now() + 500 });
  });

  test('comes back when the leaving node said, whether that closes before or after', async () => {
    for (const closes of [true, false]) {
      const { greet, newest, advance, sockets } = setUp();
      await greet();
      newest().deliver({ type: 'bye', reconnectAfterMs: 1_700 });
      await advance(100);
      if (closes) newest().closeWith(CLOSE.restart);
      await advance(1_599);
      expect(sockets).toHaveLength(1);
      await advance(1);
      expect(sockets).toHaveLength(2);
    }
  });

  test('is noticed by silence for two heartbeats, and its late frames are not heard', async () => {
    const { client, greet, newest, advance, sockets } = setUp();
    await greet();
    await advance(15_000);
    newest().deliver({ type: 'heartbeat' });
    await advance(19_000);
    expect(client.state().connection.status).toBe('online');
    const dead = newest();
    await advance(1_000);
    expect(client.state().connection.status).toBe('waiting');
    expect(dead.closedByClient).toBe(true);
    await advance(500);
    expect(sockets).toHaveLength(2);
    dead.deliver(events(1, added('late', 'Boo')));
    dead.closeWith(CLOSE.protocol);
    expect(client.state().view.messages).toEqual([]);
    expect(client.state().connection.status).toBe('connecting');
  });

  test('is given up when no welcome comes', async () => {
    const { advance, newest, sockets } = setUp();
    await advance(0);
    newest().open();
    await advance(10_500);
    expect(sockets).toHaveLength(2);
  });

  test('does not wait when the page wakes up, unless the link was heard lately', async () => {
    const { client, greet, newest, advance, sockets } = setUp();
    await greet();
    client.wake();
    await advance(0);
    expect(sockets).toHaveLength(1);
    newest().closeWith(CLOSE.tooMany);
    client.wake();
    await advance(0);
    expect(sockets).toHaveLength(2);
    await greet();
    await advance(16_000);
    client.wake();
    await advance(0);
    expect(sockets).toHaveLength(3);
  });

  test('stays ended when it was ended', async () => {
    const { client, greet, newest, advance, sockets } = setUp();
    await greet();
    client.end();
    newest().closeWith(1006);
    await advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(client.state().connection.status).toBe('ended');
  });
});
