import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import type { DeskEvent, Message, Position } from '../../../contracts/events.ts';
import { createFollower } from '../../../gateway/follower.ts';
import { type BreakableLog, createBreakableLog } from './breakable-log.ts';
import { createClient } from './held-by-client.ts';

const started: DeskEvent = { type: 'reply.started', turn: 1, attempt: 1 };
const ended: DeskEvent = { type: 'reply.ended', turn: 1, attempt: 1, end: 'final', length: 0 };
const delta: DeskEvent = { type: 'reply.delta', turn: 1, attempt: 1, offset: 0, text: 'x' };
const deltas = (count: number): DeskEvent[] => Array.from({ length: count }, () => delta);
const hello: Message = {
  id: 'c:message-1',
  author: 'customer',
  turn: 1,
  text: 'Hello',
  at: '2026-01-01T00:00:00.000Z',
};

let log: BreakableLog;
let postgres: { down: boolean; messages: Message[] };
let stops: (() => void)[];

beforeEach(() => {
  jest.useFakeTimers();
  log = createBreakableLog();
  postgres = { down: false, messages: [hello] };
  stops = [];
});

afterEach(() => {
  for (const stop of stops) stop();
  jest.useRealTimers();
});

const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);

const follow = async ({ position, isNew = false }: { position?: unknown; isNew?: boolean } = {}) => {
  const onClosed = jest.fn();
  const resumedFrom = position as Position | undefined;
  const client = createClient(resumedFrom);
  const follower = createFollower({
    conversationId: 'cnv_x',
    isNew,
    events: log.reader,
    transcripts: {
      isClosed: async () => false,
      actions: async () => [],
      standing: async () => null,
      async messages() {
        if (postgres.down) throw new Error('Postgres is down');
        return postgres.messages;
      },
    },
    link: client.link,
    log: pino({ level: 'silent' }),
    onClosed,
  });
  stops.push(() => follower.stop());
  const opening = follower.open(position);
  await pass(5_000);
  const resumed = await opening;
  follower.start();
  await pass();
  return { client, follower, resumed, onClosed };
};

describe('a new conversation', () => {
  test('is empty without a question to anyone, and then live', async () => {
    postgres.down = true;
    const { client, resumed } = await follow({ isNew: true });
    expect(resumed).toBe(false);
    expect(client.frames).toEqual([{ type: 'snapshot', messages: [], position: null }]);
    expect(log.calls).toEqual({ head: 0, after: 0, subscribe: 1 });
    log.append(started, delta);
    log.append(ended);
    expect(client.held().events).toEqual(log.entries());
    expect(client.types()).toEqual(['snapshot', 'events', 'events']);
  });

  test('of which the first events were not heard is read from the start', async () => {
    const { client } = await follow({ isNew: true });
    log.faults.deaf = true;
    log.append(started);
    log.faults.deaf = false;
    log.append(delta);
    await pass();
    expect(client.held().events).toEqual(log.entries());
  });
});

describe('resuming', () => {
  test('gets what was missed, then what happens', async () => {
    log.append(started, ...deltas(100));
    const { client, resumed } = await follow({ position: { ...log.head(), seq: 3 } });
    expect(resumed).toBe(true);
    expect(client.held().events).toEqual(log.entries().slice(3));
    log.append(ended);
    expect(client.held().events).toEqual(log.entries().slice(3));
    expect(client.types()).not.toContain('snapshot');
  });

  test('at the head gets nothing but what happens', async () => {
    log.append(started, delta);
    const { client, resumed } = await follow({ position: log.head() });
    expect([resumed, client.frames]).toEqual([true, []]);
    log.append(ended);
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
    log.append(started, delta, ended);
    const { client, resumed } = await follow({ position });
    expect(resumed).toBe(false);
    expect(client.frames[0]).toEqual({ type: 'snapshot', messages: [hello], position: { ...log.head(), seq: 0 } });
    expect(client.held().events).toEqual(log.entries());
  });

  test('from a position that was trimmed is a snapshot', async () => {
    log.append(started, ...deltas(50));
    log.append(started, ...deltas(50));
    log.trim(60);
    const { client, resumed } = await follow({ position: { ...log.head(), seq: 20 } });
    expect([resumed, client.last('snapshot')?.position]).toEqual([false, { ...log.head(), seq: 51 }]);
    expect(client.held().events).toEqual(log.entries().slice(-51));
  });

  test('from the position just before the oldest event kept is no snapshot', async () => {
    log.append(started, ...deltas(50));
    log.trim(10);
    const { client, resumed } = await follow({ position: { ...log.head(), seq: 41 } });
    expect(resumed).toBe(true);
    expect(client.held().events).toEqual(log.entries());
  });

  test('without a log, what Postgres holds', async () => {
    const { client } = await follow({ position: { generation: 'generation-1', seq: 7 } });
    expect(client.frames).toEqual([{ type: 'snapshot', messages: [hello], position: null }]);
  });
});

describe('continuity is lost', () => {
  test('FLUSHALL in mid-stream: a snapshot, then the new log', async () => {
    const { client } = await follow({ isNew: true });
    log.append(started, delta);
    log.flush();
    log.append(started);
    await pass(500);
    log.append(ended);
    await pass();
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events', 'events']);
    expect(client.held()).toMatchObject({ messages: [hello], position: log.head() });
  });

  test('a fail-over that repeats a seq: a snapshot', async () => {
    const { client } = await follow({ isNew: true });
    log.append(started, delta, delta);
    log.lose(2);
    log.append(delta);
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events']);
    expect(client.held().position).toEqual(log.head());
  });

  test('a fail-over behind a lost connection, with the head past the old one again: a snapshot', async () => {
    log.append(started, delta, delta);
    const { client } = await follow({ position: log.head() });
    log.faults.deaf = true;
    log.lose(2);
    log.append(delta, delta, delta);
    log.faults.deaf = false;
    log.interrupt();
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events']);
    expect(client.held()).toMatchObject({ position: log.head(), events: log.entries() });
  });

  test('the same right after a snapshot', async () => {
    log.append(started, ended);
    const { client } = await follow();
    log.faults.deaf = true;
    log.lose(1);
    log.append(delta, delta);
    log.interrupt();
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events']);
  });

  test('a log that came and went while nobody listened: a snapshot, since a turn may have been in it', async () => {
    const { client } = await follow({ isNew: true });
    log.faults.deaf = true;
    log.append(started, ended);
    log.flush();
    log.interrupt();
    await pass(500);
    expect(client.last('snapshot')).toEqual({ type: 'snapshot', messages: [hello], position: null });
  });

  test('a new log that is heard only where the old one would go on: a snapshot', async () => {
    const { client } = await follow({ isNew: true });
    log.append(started, delta);
    log.flush();
    log.faults.deaf = true;
    log.append(started, delta);
    log.faults.deaf = false;
    log.append(ended);
    await pass(500);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'events']);
    expect(client.held().events).toEqual(log.entries());
  });

  test('a gap while a snapshot is taken: another one', async () => {
    const { client } = await follow({ isNew: true });
    log.append(started);
    log.flush();
    log.faults.lateMs = 100;
    log.interrupt();
    await pass(250);
    log.faults.deaf = true;
    log.append(started, ended);
    log.flush();
    log.interrupt();
    log.faults.lateMs = 0;
    await pass(2_000);
    expect(client.types()).toEqual(['snapshot', 'events', 'snapshot', 'snapshot']);
  });

  test('two snapshots are apart, however often the log is lost', async () => {
    const { client } = await follow({ isNew: true });
    for (let i = 0; i < 100; i++) {
      log.append(started);
      log.flush();
      await pass(20);
    }
    await pass(1_000);
    expect(client.types().filter((type) => type === 'snapshot').length).toBeLessThanOrEqual(7);
  });

  test('a turn that ended while Postgres was away, and is not recorded yet, comes from the log', async () => {
    const question: DeskEvent = { type: 'message.added', message: hello };
    const next: DeskEvent = { type: 'reply.started', turn: 2, attempt: 1 };
    log.append(started, question, delta, { ...ended, end: 'failed', length: 1 });
    log.append(next);
    const { client } = await follow();
    expect(client.frames[0]).toEqual({ type: 'snapshot', messages: [hello], position: { ...log.head(), seq: 0 } });
    expect(client.held().events).toEqual(log.entries());

    postgres.messages = [hello, { ...hello, id: 'a:1', author: 'assistant', end: 'failed' }];
    const later = await follow();
    expect(later.client.last('snapshot')?.position).toEqual({ ...log.head(), seq: 4 });
    expect(later.client.held().events).toEqual(log.entries().slice(4));
  });

  test('a turn of which the start is trimmed is not a snapshot for ever', async () => {
    log.append(started, ...deltas(50));
    log.trim(10);
    const { client } = await follow();
    await pass(5_000);
    expect(client.types()).toEqual(['snapshot', 'events']);
    expect(client.held().position).toEqual(log.head());
  });
});

describe('something is away', () => {
  test('publications that are not heard are found within 5 s while a reply is expected', async () => {
    const { client, follower } = await follow({ isNew: true });
    log.faults.deaf = true;
    follower.expectReply();
    log.append(started, delta);
    await pass(2_500);
    expect(client.held().events).toEqual(log.entries());
    log.append(delta, ended);
    await pass(2_500);
    expect(client.held().events).toEqual(log.entries());
    const reads = log.calls.after;
    await pass(120_000);
    expect(log.calls.after).toBe(reads);
  });

  test('nothing is asked for ever when a reply never comes', async () => {
    const { follower } = await follow({ isNew: true });
    follower.expectReply();
    await pass(120_000);
    const { head } = log.calls;
    expect(head).toBeGreaterThan(30);
    await pass(120_000);
    expect(log.calls.head).toBe(head);
  });

  test('Redis hangs in mid-stream: the client hears of it within 5 s and again, and of the end', async () => {
    const { client } = await follow({ isNew: true });
    log.append(started, delta);
    log.faults.hangs = true;
    log.faults.deaf = true;
    for (let i = 0; i < 6; i++) {
      const before = client.frames.length;
      await pass(5_000);
      expect(client.frames.slice(before)).toContainEqual(expect.objectContaining({ code: 'unavailable' }));
    }
    log.append(delta);
    log.faults.hangs = false;
    await pass(4_000);
    expect(client.types().slice(-2)).toEqual(['events', 'heartbeat']);
    expect(client.held().events).toEqual(log.entries());
  });

  test('Postgres is down at snapshot time: word at once, the snapshot when it is back', async () => {
    postgres.down = true;
    log.append(started);
    const { client } = await follow();
    expect(client.types()).toEqual(['error']);
    await pass(3_000);
    log.append(delta);
    postgres.down = false;
    await pass(2_000);
    expect(client.types().filter((type) => type !== 'error')).toEqual(['snapshot', 'heartbeat', 'events']);
    expect(client.held().events).toEqual(log.entries());
  });

  test('Redis is down at hello: not resumed, word at once, the snapshot when it is back', async () => {
    log.append(started, delta);
    log.faults.down = true;
    const { client, resumed } = await follow({ position: { ...log.head(), seq: 1 } });
    expect([resumed, client.types()]).toEqual([false, ['error']]);
    log.faults.down = false;
    await pass(2_000);
    expect(client.held()).toEqual({ messages: [hello], position: log.head(), events: log.entries() });
    expect(log.listeners.size).toBe(1);
  });

  test('a subscription that comes too late, or after the end, is given back', async () => {
    log.faults.lateMs = 2_000;
    const { follower } = await follow();
    await pass(2_000);
    expect(log.listeners.size).toBe(0);
    log.faults.lateMs = 0;
    await pass(3_000);
    expect(log.listeners.size).toBe(1);
    follower.stop();
    expect(log.listeners.size).toBe(0);
  });
});

test('says when the conversation is closed', async () => {
  const { onClosed } = await follow({ isNew: true });
  log.append({ type: 'conversation.closed' });
  expect(onClosed).toHaveBeenCalledTimes(1);
});

test('after the end nothing is sent, asked or waited for', async () => {
  const { client, follower } = await follow({ isNew: true });
  follower.expectReply();
  follower.stop();
  follower.expectReply();
  log.append(started);
  log.interrupt();
  await pass(10_000);
  expect(client.frames.length).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});

const steps = {
  append: (n: number) => log.append(...deltas(n)),
  turn: () => log.append(started),
  end: () => log.append(ended),
  flush: () => log.flush(),
  trim: (n: number) => log.trim(n),
  // A fail-over ends the connections, and what the old primary published is what it had.
  lose: (n: number) => {
    log.lose(n);
    log.interrupt();
  },
  deaf: () => {
    log.faults.deaf = true;
  },
  late: (n: number) => {
    log.faults.lateMs = n;
  },
  down: () => {
    log.faults.down = true;
  },
  postgres: () => {
    postgres.down = true;
  },
  back: () => {
    log.faults = Object.assign(log.faults, { deaf: false, down: false, lateMs: 0 });
    postgres.down = false;
    log.interrupt();
  },
};
type Step = keyof typeof steps;

test('whatever happens, the client holds a snapshot and every event after it, each once, in order', async () => {
  const step = fc.record({
    what: fc.constantFrom(...(Object.keys(steps) as Step[]), 'append' as const, 'append' as const),
    n: fc.integer({ min: 1, max: 40 }),
    wait: fc.constantFrom(0, 0, 1, 20, 700, 3_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (run, isNew) => {
      log = createBreakableLog();
      postgres.down = false;
      const { client, follower } = await follow({ isNew });
      for (const { what, n, wait } of run) {
        steps[what](n);
        await pass(wait);
      }
      steps.back();
      await pass(5_000);
      const { position, events } = client.held();
      const { generation, seq } = log.head();
      const start = client.last('snapshot')?.position?.seq ?? 0;
      // What was on its way when the log was flushed may still have arrived: then there is no log to compare it with.
      const mayHaveBeenUnderWay = generation === '' && run.some(({ what }) => what === 'late');
      if (!mayHaveBeenUnderWay) expect(position ?? { generation: '', seq: 0 }).toEqual({ generation, seq });
      // What the log still has of what was delivered is the same, and all of it was.
      const kept = log.entries().filter((entry) => entry.position.seq > start);
      expect(events.slice(events.length - kept.length)).toEqual(kept);
      follower.stop();
    }),
    { numRuns: 300 },
  );
});
