import { beforeEach, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { CustomerMessage } from '../../../contracts/conversation.ts';
import { createSends } from '../../../gateway/sends.ts';
import { createClient } from './held-by-client.ts';

const start = {
  conversationId: `cnv_${'x'.repeat(43)}`,
  owner: 'visitor:AAAAAAAAAAAAAAAAAAAAAA',
  channel: 'web',
} as const;
const message = (n: number, text = `text ${n}`) => ({ type: 'send' as const, clientMessageId: `message-${n}`, text });

/** Temporal that answers when told to. */
const createTemporal = () => {
  const delivered: Pick<CustomerMessage, 'clientMessageId' | 'text'>[] = [];
  let answer: ((error?: Error) => void) | undefined;
  const take = (each: Pick<CustomerMessage, 'clientMessageId' | 'text'>): Promise<void> =>
    new Promise((resolve, reject) => {
      if (answer) throw new Error('two messages at once');
      delivered.push(each);
      answer = (error) => {
        answer = undefined;
        if (error) reject(error);
        else resolve();
      };
    });
  return {
    delivered,
    deliver: (_start: unknown, each: CustomerMessage): Promise<void> => take(each),
    wantPerson: (_start: unknown, clientMessageId: string): Promise<void> =>
      take({ clientMessageId, text: 'a person!' }),
    async check() {},
    async answer(error?: Error): Promise<void> {
      answer?.(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

let temporal: ReturnType<typeof createTemporal>;
let client: ReturnType<typeof createClient>;
let wait: number;
let halts = 0;
let sends: ReturnType<typeof createSends>;

beforeEach(() => {
  temporal = createTemporal();
  client = createClient();
  wait = 0;
  sends = createSends({
    start,
    conversations: temporal,
    link: client.link,
    log: pino({ level: 'silent' }),
    queued: 4,
    halt: async () => void halts++,
    takeTurn: () => wait,
    onAck: () => {},
  });
});

const texts = () => temporal.delivered.map(({ text }) => text);

test('an acknowledgement comes when Temporal holds the message, not before', async () => {
  sends.accept(message(1));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(client.frames).toEqual([]);
  await temporal.answer();
  expect(client.frames).toEqual([{ type: 'ack', clientMessageId: 'message-1' }]);
});

test('a message that interrupts ends the reply before it is handed over', async () => {
  halts = 0;
  sends.accept({ ...message(1), interrupt: true });
  expect([halts, texts()]).toEqual([1, []]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(texts()).toEqual(['text 1']);
});

test('messages are handed over in order, one at a time', async () => {
  for (const n of [1, 2, 3]) sends.accept(message(n));
  expect(texts()).toEqual(['text 1']);
  await temporal.answer();
  await temporal.answer();
  await temporal.answer();
  expect(texts()).toEqual(['text 1', 'text 2', 'text 3']);
  expect(client.types()).toEqual(['ack', 'ack', 'ack']);
});

test('when one is not accepted, those behind it are not either, in order, and none is acknowledged', async () => {
  for (const n of [1, 2, 3]) sends.accept(message(n));
  await temporal.answer(new Error('14 UNAVAILABLE'));
  expect(texts()).toEqual(['text 1']);
  expect(client.frames).toEqual(
    [1, 2, 3].map((n) =>
      expect.objectContaining({
        type: 'error',
        code: 'unavailable',
        clientMessageId: `message-${n}`,
        retryAfterMs: 1_000,
      }),
    ),
  );
  sends.accept(message(1));
  await temporal.answer();
  expect(client.last('ack')).toEqual({ type: 'ack', clientMessageId: 'message-1' });
});

describe('the same clientMessageId', () => {
  test('with the same text is handed over once and acknowledged each time', async () => {
    sends.accept(message(1));
    sends.accept(message(1));
    await temporal.answer();
    sends.accept(message(1));
    expect(texts()).toEqual(['text 1']);
    expect(client.types()).toEqual(['ack', 'ack']);
  });

  test('with another text is a conflict, before and after the acknowledgement', async () => {
    sends.accept(message(1));
    sends.accept(message(1, 'another'));
    expect(client.frames).toEqual([expect.objectContaining({ code: 'conflict', clientMessageId: 'message-1' })]);
    await temporal.answer();
    sends.accept(message(1, 'another'));
    expect(texts()).toEqual(['text 1']);
    expect(client.types()).toEqual(['error', 'ack', 'error']);
  });
});

describe('too many', () => {
  test('over the rate: told when to come back, and Temporal hears nothing', () => {
    wait = 321;
    sends.accept(message(1));
    expect(temporal.delivered).toEqual([]);
    expect(client.frames).toEqual([
      expect.objectContaining({ code: 'rate_limited', clientMessageId: 'message-1', retryAfterMs: 321 }),
    ]);
  });

  test('waiting: the queue is bounded', async () => {
    for (let n = 1; n <= 6; n++) sends.accept(message(n));
    expect(client.frames).toEqual([5, 6].map((n) => expect.objectContaining({ clientMessageId: `message-${n}` })));
    for (let n = 1; n <= 4; n++) await temporal.answer();
    expect(texts()).toEqual(['text 1', 'text 2', 'text 3', 'text 4']);
  });
});

test('is idle when nothing waits for Temporal', async () => {
  await sends.idle();
  sends.accept(message(1));
  sends.accept(message(2));
  let isIdle = false;
  const idle = sends.idle().then(() => {
    isIdle = true;
  });
  await temporal.answer();
  expect(isIdle).toBe(false);
  await temporal.answer();
  await idle;
  expect(client.types()).toEqual(['ack', 'ack']);
});

test('the wish for a person keeps its place among the messages, and is acknowledged as they are', async () => {
  const wish = { type: 'person' as const, clientMessageId: 'wish-0001' };
  sends.accept(message(1));
  sends.accept(wish);
  sends.accept(wish);
  sends.accept(message(2));
  for (const _ of [1, 2, 3]) await temporal.answer();
  expect(texts()).toEqual(['text 1', 'a person!', 'text 2']);
  sends.accept(wish);
  expect(client.frames).toEqual(
    ['message-1', 'wish-0001', 'message-2', 'wish-0001'].map((clientMessageId) => ({ type: 'ack', clientMessageId })),
  );
  expect(texts()).toHaveLength(3);
});

test('a wish that Temporal does not hold is refused, and counts when it comes again; its id is no message’s', async () => {
  const wish = { type: 'person' as const, clientMessageId: 'wish-0001' };
  sends.accept(wish);
  await temporal.answer(new Error('Temporal is away'));
  expect(client.last('error')).toMatchObject({
    code: 'unavailable',
    clientMessageId: 'wish-0001',
    retryAfterMs: 1_000,
  });
  sends.accept(wish);
  await temporal.answer();
  expect(client.last('ack')).toEqual({ type: 'ack', clientMessageId: 'wish-0001' });
  sends.accept({ type: 'send', clientMessageId: 'wish-0001', text: 'hi' });
  expect(client.last('error')).toMatchObject({ code: 'conflict' });
  wait = 900;
  sends.accept({ type: 'person', clientMessageId: 'wish-0002' });
  expect(client.last('error')).toMatchObject({ code: 'rate_limited', retryAfterMs: 900 });
});
