import { describe, expect, test } from '@jest/globals';
import type { DeskEvent } from '../../../contracts/events.ts';
import { delta, deltas, ended, hello, pass, started, useFollowerRig } from './follower-rig.ts';

const rig = useFollowerRig();

describe('continuity is lost', () => {
  test('FLUSHALL in mid-stream: a snapshot, then the new log', async () => {
    const { client } = await rig().follow({ isNew: true });
    rig().log.append(started, delta);
    rig().log.flush();
    rig().log.append(started);
    await pass(500);
    rig().log.append(ended);
    await pass();
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events', 'events']);
    expect(client.held()).toMatchObject({ messages: [hello], position: rig().log.head() });
  });

  test('a fail-over that repeats a seq: a snapshot', async () => {
    const { client } = await rig().follow({ isNew: true });
    rig().log.append(started, delta, delta);
    rig().log.lose(2);
    rig().log.append(delta);
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events']);
    expect(client.held().position).toEqual(rig().log.head());
  });

  test('a fail-over behind a lost connection, with the head past the old one again: a snapshot', async () => {
    rig().log.append(started, delta, delta);
    const { client } = await rig().follow({ position: rig().log.head() });
    rig().log.faults.deaf = true;
    rig().log.lose(2);
    rig().log.append(delta, delta, delta);
    rig().log.faults.deaf = false;
    rig().log.interrupt();
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events']);
    expect(client.held()).toMatchObject({ position: rig().log.head(), events: rig().log.entries() });
  });

  test('the same right after a snapshot', async () => {
    rig().log.append(started, ended);
    const { client } = await rig().follow();
    rig().log.faults.deaf = true;
    rig().log.lose(1);
    rig().log.append(delta, delta);
    rig().log.interrupt();
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events']);
  });

  test('a log that came and went while nobody listened: a snapshot, since a turn may have been in it', async () => {
    const { client } = await rig().follow({ isNew: true });
    rig().log.faults.deaf = true;
    rig().log.append(started, ended);
    rig().log.flush();
    rig().log.interrupt();
    await pass(500);
    expect(client.last('snapshot')).toEqual({ type: 'snapshot', messages: [hello], position: null });
  });

  test('a new log that is heard only where the old one would go on: a snapshot', async () => {
    const { client } = await rig().follow({ isNew: true });
    rig().log.append(started, delta);
    rig().log.flush();
    rig().log.faults.deaf = true;
    rig().log.append(started, delta);
    rig().log.faults.deaf = false;
    rig().log.append(ended);
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events']);
    expect(client.held().events).toEqual(rig().log.entries());
  });

  test('a gap while a snapshot is taken: another one', async () => {
    const { client } = await rig().follow({ isNew: true });
    rig().log.append(started);
    rig().log.flush();
    rig().log.faults.lateMs = 100;
    rig().log.interrupt();
    await pass(250);
    rig().log.faults.deaf = true;
    rig().log.append(started, ended);
    rig().log.flush();
    rig().log.interrupt();
    rig().log.faults.lateMs = 0;
    await pass(2_000);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'snapshot']);
  });

  test('two snapshots are apart, however often the log is lost', async () => {
    const { client } = await rig().follow({ isNew: true });
    for (let i = 0; i < 100; i++) {
      rig().log.append(started);
      rig().log.flush();
      await pass(20);
    }
    await pass(1_000);
    expect(client.types().filter((type) => type === 'snapshot').length).toBeLessThanOrEqual(7);
  });

  test('a turn that ended while Postgres was away, and is not recorded yet, comes from the log', async () => {
    const question: DeskEvent = { type: 'message.added', message: hello };
    const next: DeskEvent = { type: 'reply.started', turn: 2, attempt: 1 };
    rig().log.append(started, question, delta, { ...ended, end: 'failed', length: 1 });
    rig().log.append(next);
    const { client } = await rig().follow();
    expect(client.frames[0]).toEqual({
      type: 'snapshot',
      messages: [hello],
      position: { ...rig().log.head(), seq: 0 },
    });
    expect(client.held().events).toEqual(rig().log.entries());

    rig().postgres.messages = [hello, { ...hello, id: 'a:1', author: 'assistant', end: 'failed' }];
    const later = await rig().follow();
    expect(later.client.last('snapshot')?.position).toEqual({ ...rig().log.head(), seq: 4 });
    expect(later.client.held().events).toEqual(rig().log.entries().slice(4));
  });

  test('a turn of which the start is trimmed is not a snapshot for ever', async () => {
    rig().log.append(started, ...deltas(50));
    rig().log.trim(10);
    const { client } = await rig().follow();
    await pass(5_000);
    expect(client.types()).toEqual(['snapshot', 'events']);
    expect(client.held().position).toEqual(rig().log.head());
  });
});
