import { describe, expect, test } from '@jest/globals';
import { delta, ended, hello, pass, started, useFollowerRig } from './follower-rig.ts';

const rig = useFollowerRig();

describe('something is away', () => {
  test('publications that are not heard are found within 5 s while a reply is expected', async () => {
    const { client, follower } = await rig().follow({ isNew: true });
    rig().log.faults.deaf = true;
    follower.expectReply();
    rig().log.append(started, delta);
    await pass(2_500);
    expect(client.held().events).toEqual(rig().log.entries());
    rig().log.append(delta, ended);
    await pass(2_500);
    expect(client.held().events).toEqual(rig().log.entries());
    const reads = rig().log.calls.after;
    await pass(120_000);
    expect(rig().log.calls.after).toBe(reads);
  });

  test('nothing is asked for ever when a reply never comes', async () => {
    const { follower } = await rig().follow({ isNew: true });
    follower.expectReply();
    await pass(120_000);
    const { head } = rig().log.calls;
    expect(head).toBeGreaterThan(30);
    await pass(120_000);
    expect(rig().log.calls.head).toBe(head);
  });

  test('Redis hangs in mid-stream: the client hears of it within 5 s and again, and of the end', async () => {
    const { client } = await rig().follow({ isNew: true });
    rig().log.append(started, delta);
    rig().log.faults.hangs = true;
    rig().log.faults.deaf = true;
    for (let i = 0; i < 6; i++) {
      const before = client.frames.length;
      await pass(5_000);
      expect(client.frames.slice(before)).toContainEqual(expect.objectContaining({ code: 'unavailable' }));
    }
    rig().log.append(delta);
    rig().log.faults.hangs = false;
    await pass(4_000);
    expect(client.types().slice(-2)).toEqual(['events', 'heartbeat']);
    expect(client.held().events).toEqual(rig().log.entries());
  });

  test('Postgres is down at snapshot time: word at once, the snapshot when it is back', async () => {
    rig().postgres.down = true;
    rig().log.append(started);
    const { client } = await rig().follow();
    expect(client.types()).toEqual(['error']);
    await pass(3_000);
    rig().log.append(delta);
    rig().postgres.down = false;
    await pass(2_000);
    expect(client.types().filter((type) => type !== 'error')).toEqual(['snapshot', 'heartbeat', 'events']);
    expect(client.held().events).toEqual(rig().log.entries());
  });

  test('Redis is down at hello: not resumed, word at once, the snapshot when it is back', async () => {
    rig().log.append(started, delta);
    rig().log.faults.down = true;
    const { client, resumed } = await rig().follow({ position: { ...rig().log.head(), seq: 1 } });
    expect([resumed, client.types()]).toEqual([false, ['error']]);
    rig().log.faults.down = false;
    await pass(2_000);
    expect(client.held()).toEqual({ messages: [hello], position: rig().log.head(), events: rig().log.entries() });
    expect(rig().log.listeners.size).toBe(1);
  });

  test('a subscription that comes too late, or after the end, is given back', async () => {
    rig().log.faults.lateMs = 2_000;
    const { follower } = await rig().follow();
    await pass(2_000);
    expect(rig().log.listeners.size).toBe(0);
    rig().log.faults.lateMs = 0;
    await pass(3_000);
    expect(rig().log.listeners.size).toBe(1);
    follower.stop();
    expect(rig().log.listeners.size).toBe(0);
  });
});
