import { describe, expect, test } from '@jest/globals';
import { delta, deltas, ended, hello, pass, started, useFollowerRig } from './follower-rig.ts';

const rig = useFollowerRig();

describe('a new conversation', () => {
  test('is empty without a question to anyone, and then live', async () => {
    rig().postgres.down = true;
    const { client, resumed } = await rig().follow({ isNew: true });
    expect(resumed).toBe(false);
    expect(client.frames).toEqual([{ type: 'snapshot', messages: [], position: null }]);
    expect(rig().log.calls).toEqual({ head: 0, after: 0, subscribe: 1 });
    rig().log.append(started, delta);
    rig().log.append(ended);
    expect(client.held().events).toEqual(rig().log.entries());
    expect(client.types()).toEqual(['snapshot', 'events', 'events']);
  });

  test('of which the first events were not heard is read from the start', async () => {
    const { client } = await rig().follow({ isNew: true });
    rig().log.faults.deaf = true;
    rig().log.append(started);
    rig().log.faults.deaf = false;
    rig().log.append(delta);
    await pass();
    expect(client.held().events).toEqual(rig().log.entries());
  });
});

describe('resuming', () => {
  test('gets what was missed, then what happens', async () => {
    rig().log.append(started, ...deltas(100));
    const { client, resumed } = await rig().follow({ position: { ...rig().log.head(), seq: 3 } });
    expect(resumed).toBe(true);
    expect(client.held().events).toEqual(rig().log.entries().slice(3));
    rig().log.append(ended);
    expect(client.held().events).toEqual(rig().log.entries().slice(3));
    expect(client.types()).not.toContain('snapshot');
  });

  test('at the head gets nothing but what happens', async () => {
    rig().log.append(started, delta);
    const { client, resumed } = await rig().follow({ position: rig().log.head() });
    expect([resumed, client.frames]).toEqual([true, []]);
    rig().log.append(ended);
    expect(client.types()).toEqual(['events']);
  });

  test.each<[string, unknown]>([
    ['none', undefined],
    ['null', null],
    ['a text', 'generation-1/3'],
    ['negative', { generation: 'generation-1', seq: -1 }],
    ['NaN as JSON has it', { generation: 'generation-1', seq: null }],
    ['a fraction', { generation: 'generation-1', seq: 1.5 }],
    ['1e300', { generation: 'generation-1', seq: 1e300 }],
    ['a number in a text', { generation: 'generation-1', seq: '3' }],
    ['with more in it', { generation: 'generation-1', seq: 3, id: 'e3' }],
    ['of another log', { generation: 'generation-9', seq: 3 }],
    ['a generation that is a script', { generation: "'); redis.call('flushall')", seq: 3 }],
    ['ahead', { generation: 'generation-1', seq: 4 }],
    ['__proto__', JSON.parse('{"__proto__":{"generation":"generation-1","seq":3}}')],
  ])('from a position that proves nothing (%s) is a snapshot', async (_what, position) => {
    rig().log.append(started, delta, ended);
    const { client, resumed } = await rig().follow({ position });
    expect(resumed).toBe(false);
    expect(client.frames[0]).toEqual({
      type: 'snapshot',
      messages: [hello],
      position: { ...rig().log.head(), seq: 0 },
    });
    expect(client.held().events).toEqual(rig().log.entries());
  });

  test('from a position that was trimmed is a snapshot', async () => {
    rig().log.append(started, ...deltas(50));
    rig().log.append(started, ...deltas(50));
    rig().log.trim(60);
    const { client, resumed } = await rig().follow({ position: { ...rig().log.head(), seq: 20 } });
    expect([resumed, client.last('snapshot')?.position]).toEqual([false, { ...rig().log.head(), seq: 51 }]);
    expect(client.held().events).toEqual(rig().log.entries().slice(-51));
  });

  test('from the position just before the oldest event kept is no snapshot', async () => {
    rig().log.append(started, ...deltas(50));
    rig().log.trim(10);
    const { client, resumed } = await rig().follow({ position: { ...rig().log.head(), seq: 41 } });
    expect(resumed).toBe(true);
    expect(client.held().events).toEqual(rig().log.entries());
  });

  test('without a log, what Postgres holds', async () => {
    const { client } = await rig().follow({ position: { generation: 'generation-1', seq: 7 } });
    expect(client.frames).toEqual([{ type: 'snapshot', messages: [hello], position: null }]);
  });
});
