import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { CLOSE } from '../../../contracts/close-codes.ts';
import type { DeskEvent, LoggedEvent } from '../../../contracts/events.ts';
import { type Client, IDENTITY_SECRET, sleep, useGateways } from './rig.ts';

const { backing, gateway, client } = useGateways();

const send = (n: number, text = `text ${n}`) => ({ type: 'send', clientMessageId: `message-${n}`, text });
const eventsOf = ({ frames }: Client): LoggedEvent[] =>
  frames.flatMap((frame) => (frame.type === 'events' ? frame.events : []));
const positionOf = (from: Client) => eventsOf(from).at(-1)?.position;
const textOf = (events: LoggedEvent[]): string =>
  events.map(({ event }) => (event.type === 'reply.delta' ? event.text : '')).join('');

/** A worker's turn: streams `text` in pieces of 5, `pauseMs` apart. */
const reply = async (conversationId: string, turn: number, text: string, pauseMs = 0): Promise<void> => {
  const { log } = backing();
  const started: DeskEvent = { type: 'reply.started', turn, attempt: 1 };
  const draft = await log.open(conversationId, { term: 0, turn }, { once: [], always: () => [started] });
  if (typeof draft === 'string') throw new Error(draft);
  for (let offset = 0; offset < text.length; offset += 5) {
    await log.append(draft, [{ type: 'reply.delta', turn, attempt: 1, offset, text: text.slice(offset, offset + 5) }]);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  await log.append(draft, [{ type: 'reply.ended', turn, attempt: 1, end: 'final', length: text.length }]);
};

test('a question and its answer', async () => {
  const ann = await client(await gateway());
  const welcome = await ann.hello();
  expect(welcome).toMatchObject({
    resumed: false,
    customer: null,
    desk: { company: 'Acme Outdoor', assistant: 'Robin' },
  });
  expect(await ann.frame('snapshot')).toEqual({ type: 'snapshot', messages: [], position: null });
  ann.send(send(1, 'Where is my order?'));
  expect(await ann.frame('ack')).toEqual({ type: 'ack', clientMessageId: 'message-1' });
  expect(backing().delivered).toEqual([
    {
      start: {
        conversationId: welcome.conversation.id,
        owner: expect.stringMatching(/^visitor:/),
        channel: 'terminal',
      },
      message: { clientMessageId: 'message-1', text: 'Where is my order?', at: expect.any(String) },
    },
  ]);
  await reply(welcome.conversation.id, 1, 'It was sent yesterday.');
  await ann.until('the end', () => eventsOf(ann).at(-1)?.event.type === 'reply.ended');
  expect(textOf(eventsOf(ann))).toBe('It was sent yesterday.');
});

describe('resuming', () => {
  test('on another node in mid-stream, again and again: nothing is missing, nothing comes twice', async () => {
    const nodes = [await gateway(), await gateway()];
    let ann = await client(await gateway());
    const { conversation, session } = await ann.hello();
    await ann.frame('snapshot');
    const text = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(5)).join('');
    const streaming = reply(conversation.id, 1, text, 5);
    const received: LoggedEvent[] = [];
    for (let n = 0; n < 8; n++) {
      await ann.until('an event', () => eventsOf(ann).length > 5);
      ann.socket.terminate();
      received.push(...eventsOf(ann));
      const position = positionOf(ann);
      ann = await client(nodes[n % 2] ?? (await gateway()));
      const welcome = await ann.hello({ session, conversation: { ...conversation, position } });
      expect(welcome).toMatchObject({ resumed: true, conversation });
    }
    await streaming;
    await ann.until('the end', () => eventsOf(ann).at(-1)?.event.type === 'reply.ended');
    received.push(...eventsOf(ann));
    expect(received.map(({ position }) => position.seq)).toEqual(received.map((_, index) => index + 1));
    expect(textOf(received)).toBe(text);
  });

  test('after FLUSHALL: not resumed, and a snapshot', async () => {
    const node = await gateway();
    const first = await client(node);
    const { conversation, session } = await first.hello();
    await first.frame('snapshot');
    await reply(conversation.id, 1, 'Hello');
    await first.until('the end', () => eventsOf(first).at(-1)?.event.type === 'reply.ended');
    backing().log.flush();
    const at = new Date().toISOString();
    const messages = [{ id: 'a:1', author: 'assistant' as const, turn: 1, text: 'Hello', at, end: 'final' as const }];
    backing().said.set(conversation.id, messages);
    const second = await client(node);
    const welcome = await second.hello({ session, conversation: { ...conversation, position: positionOf(first) } });
    expect(welcome.resumed).toBe(false);
    expect(await second.frame('snapshot')).toEqual({ type: 'snapshot', messages, position: null });
    await reply(conversation.id, 2, 'Hello again');
    for (const each of [first, second])
      await each.until('the second answer', () => textOf(eventsOf(each)).endsWith('Hello again'));
    expect(first.frames.filter(({ type }) => type === 'snapshot')).toHaveLength(2);
  });

  test('two clients on two nodes see the same', async () => {
    const ann = await client(await gateway());
    const { conversation, session } = await ann.hello();
    await ann.frame('snapshot');
    const other = await client(await gateway());
    await other.hello({ session, conversation });
    await other.frame('snapshot');
    await reply(conversation.id, 1, 'To both of you.');
    for (const each of [ann, other]) await each.until('text', () => textOf(eventsOf(each)) === 'To both of you.');
    expect(eventsOf(other)).toEqual(eventsOf(ann));
  });
});

describe('acknowledgements', () => {
  test('20 messages at once arrive in order, whatever each takes', async () => {
    backing().faults.deliverMs = () => Math.random() * 10;
    const ann = await client(await gateway({ limits: { messages: { perSecond: 100, burst: 100 } } }));
    await ann.hello();
    const ids = Array.from({ length: 20 }, (_, n) => `message-${n}`);
    for (const [n] of ids.entries()) ann.send(send(n));
    await ann.until('acks', () => ann.frames.filter(({ type }) => type === 'ack').length === 20);
    expect(backing().delivered.map(({ message }) => message.clientMessageId)).toEqual(ids);
    expect(ann.frames.flatMap((frame) => (frame.type === 'ack' ? frame.clientMessageId : []))).toEqual(ids);
  });

  test('Temporal is away: never an acknowledgement, word of it, and none lost once it is back', async () => {
    const ann = await client(await gateway());
    await ann.hello();
    backing().faults.temporal = true;
    for (const n of [1, 2, 3]) ann.send(send(n));
    await ann.until('errors', () => ann.frames.filter(({ type }) => type === 'error').length === 3);
    expect(ann.frames.filter(({ type }) => type === 'error')).toEqual(
      [1, 2, 3].map((n) => expect.objectContaining({ code: 'unavailable', clientMessageId: `message-${n}` })),
    );
    expect(ann.frames.map(({ type }) => type)).not.toContain('ack');
    backing().faults.temporal = false;
    for (const n of [1, 2, 3]) ann.send(send(n));
    await ann.until('acks', () => ann.frames.filter(({ type }) => type === 'ack').length === 3);
    expect(backing().delivered.map(({ message }) => message.text)).toEqual(['text 1', 'text 2', 'text 3']);
  });

  test('Redis and Postgres are away: messages are acknowledged all the same', async () => {
    Object.assign(backing().faults, { redis: true, postgres: true });
    const ann = await client(await gateway());
    await ann.hello();
    ann.send(send(1));
    await ann.frame('ack');
  });
});

describe('isolation', () => {
  const canary = 'CANARY-4111-1111-1111-1111';

  test('nobody else gets a byte of a conversation', async () => {
    const node = await gateway();
    const [ann, bob] = [await client(node), await client(node)];
    const { conversation } = await ann.hello();
    const stranger = await bob.hello();
    ann.send(send(1, canary));
    await ann.frame('ack');
    await reply(conversation.id, 1, `You said ${canary}`);
    await ann.until('the answer', () => textOf(eventsOf(ann)).includes(canary));
    const customer = await client(node);
    const identity = await new SignJWT({ sub: '4711', aud: 'duradesk' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(IDENTITY_SECRET));
    const position = positionOf(ann);
    customer.send({ type: 'hello', protocol: 1, identity, conversation: { ...conversation, position } });
    expect(await customer.closed()).toBe(CLOSE.notFound);
    const thief = await client(node);
    thief.send({ type: 'hello', protocol: 1, session: stranger.session, conversation: { ...conversation, position } });
    expect(await thief.closed()).toBe(CLOSE.notFound);
    for (const other of [bob, customer, thief]) expect(JSON.stringify(other.frames)).not.toContain(canary);
  });

  test('unknown, foreign, closed and impossible ids: the same words, code and time', async () => {
    const node = await gateway();
    const [ann, bob] = [await client(node), await client(node)];
    const { conversation, session } = await ann.hello();
    const foreign = (await bob.hello()).conversation.id;
    backing().closed.add(conversation.id);
    backing().faults.lookUpMs = 80;
    for (const id of [conversation.id, foreign, `cnv_${'A'.repeat(43)}`, 'x', '\0']) {
      const asking = await client(node);
      const began = performance.now();
      asking.send({ type: 'hello', protocol: 1, session, conversation: { id } });
      expect(await asking.closed()).toBe(CLOSE.notFound);
      expect(performance.now() - began).toBeGreaterThan(75);
      expect(asking.frames).toEqual([{ type: 'error', code: 'not_found', message: 'no such conversation' }]);
    }
  });

  test('what customers write and who they are is in no log and no metric', async () => {
    const { lines, url, origin } = await gateway();
    const ann = await client({ url, origin });
    const { session = '', conversation } = await ann.hello();
    ann.send(send(1, canary));
    await ann.frame('ack');
    backing().faults.temporal = true;
    ann.send(send(2, `${canary}\n\x1b[31m{"level":60}`));
    await ann.frame('error');
    for (const bad of [`${canary}`, { type: canary }, { type: 'hello', protocol: 1, session: canary }]) {
      const other = await client({ url, origin });
      other.send(bad);
      await other.closed();
      expect(JSON.stringify(other.frames)).not.toContain(canary);
    }
    await fetch(`${origin}/${canary}?${canary}`);
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    const { owner } = backing().delivered[0]?.start ?? { owner: '' };
    for (const secret of [canary, session, owner]) expect(lines.join('') + metrics).not.toContain(secret);
    expect(lines.join('')).toContain(conversation.id);
    for (const line of lines) expect(line).toMatch(/^\{[^\n]*\}\n$/);
  });
});
