import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DeskEvent } from '../../contracts/events.ts';
import { clientFrame, type ServerFrame } from '../../contracts/frames.ts';
import { createDeskClient } from '../../web/client.ts';
import { forgetfulStorage, type Storage } from '../../web/memory.ts';
import { createFakeClock } from '../doubles/fake-clock.ts';
import { createFakeSockets } from '../doubles/fake-socket.ts';

const id = `cnv_${'x'.repeat(43)}`;
const at = '2026-01-05T09:00:00.000Z';
const welcome = (change: object = {}): ServerFrame => ({
  ...{ type: 'welcome', protocol: 1, session: 'session-1', conversation: { id }, customer: null, resumed: false },
  ...{ heartbeatMs: 60_000, desk: { company: 'Fjell', assistant: 'Juno' } },
  ...change,
});
let seq = 0;
const event = (one: DeskEvent): ServerFrame => {
  seq += 1;
  return { type: 'events', events: [{ id: `e${seq}`, at, position: { generation: 'generation-1', seq }, event: one }] };
};
const owner = (to: 'waiting' | 'agent' | 'assistant', term: number): ServerFrame =>
  event({ type: 'owner.changed', owner: to, term });

/** One page; another one over the same storage is the page loaded again. */
const open = (storage: Storage) => {
  const { clock, advance } = createFakeClock();
  const { WebSocket, newest } = createFakeSockets();
  let made = 0;
  const client = createDeskClient({ url: 'ws://desk', WebSocket, storage, clock, newId: () => `command-${++made}` });
  return {
    client,
    advance,
    deliver: (...frames: ServerFrame[]) => {
      for (const frame of frames) newest().deliver(frame);
    },
    async greet(snapshot: object = {}, change: object = {}): Promise<void> {
      await advance(0);
      newest().open();
      newest().deliver(welcome(change));
      newest().deliver({ type: 'snapshot', messages: [], position: null, ...snapshot });
    },
    /** The link breaks, and the next one is open. */
    async reconnect(): Promise<void> {
      newest().closeWith(1006);
      await advance(1_000);
      newest().open();
      newest().deliver(welcome({ resumed: true }));
    },
    sent: () => newest().frames.slice(1),
  };
};

let storage: Storage;
beforeEach(() => {
  storage = forgetfulStorage();
  seq = 0;
});

describe('the wish for a person', () => {
  const wish = { type: 'person', clientMessageId: 'command-1' };

  test('is sent once, under one id until it is acknowledged, and shown until somebody has heard it', async () => {
    const page = open(storage);
    await page.greet();
    page.client.askForPerson();
    page.client.askForPerson();
    expect(page.sent()).toEqual([wish]);
    expect(clientFrame.safeParse(page.sent()[0]).success).toBe(true);
    expect(page.client.state().personWish).toBe('pending');
    await page.reconnect();
    expect(page.sent()).toEqual([wish]);
    page.deliver({
      type: 'error',
      code: 'unavailable',
      message: '',
      clientMessageId: 'command-1',
      retryAfterMs: 2_000,
    });
    await page.advance(1_999);
    expect(page.sent()).toHaveLength(1);
    await page.advance(1_001);
    expect(page.sent()).toEqual([wish, wish]);
    page.deliver({ type: 'ack', clientMessageId: 'command-1' });
    expect(page.client.state().personWish).toBe('sent');
    await page.reconnect();
    expect(page.sent()).toEqual([]);
    page.deliver(owner('waiting', 1));
    expect(page.client.state()).toMatchObject({ personWish: null, view: { owner: 'waiting' } });
    page.client.askForPerson();
    expect(page.sent()).toEqual([]);
  });

  test('made in an airplane is kept over a reload, and sent when there is a link', async () => {
    open(storage).client.askForPerson();
    const again = open(storage);
    expect(again.client.state().personWish).toBe('pending');
    await again.greet();
    expect(again.sent()).toEqual([wish]);
    again.deliver({ type: 'ack', clientMessageId: 'command-1' });
    expect(open(storage).client.state().personWish).toBeNull();
  });

  test('is over when the conversation shows a later term, however that ended', async () => {
    const page = open(storage);
    await page.greet();
    page.client.askForPerson();
    page.deliver(owner('waiting', 1), owner('assistant', 2));
    expect(page.client.state().personWish).toBeNull();
    page.client.askForPerson();
    expect(page.client.state().personWish).toBe('pending');
    expect(page.sent().at(-1)).toEqual({ type: 'person', clientMessageId: 'command-2' });
  });

  test('of which nothing is heard can be made again, and one of another conversation is forgotten', async () => {
    const page = open(storage);
    await page.greet();
    page.client.askForPerson();
    page.deliver({ type: 'ack', clientMessageId: 'command-1' });
    await page.advance(30_000);
    expect(page.client.state().personWish).toBeNull();
    page.client.askForPerson();
    page.client.startNew();
    expect(page.client.state().personWish).toBeNull();
    await page.greet({}, { conversation: { id: `cnv_${'y'.repeat(43)}` } });
    expect(page.sent()).toEqual([]);
  });
});

describe('a rating', () => {
  const rate = { type: 'rate', commandId: 'command-1', score: 4, comment: 'fine' };
  const asks = { resolved: { rate: true } };

  test('is given where it is asked for, once, and kept over a reload until the desk says what counts', async () => {
    const page = open(storage);
    await page.greet();
    page.client.rate(4, 'too early');
    expect(page.sent()).toEqual([]);
    page.deliver(event({ type: 'conversation.resolved', by: 'agent', rate: true }));
    page.client.rate(4, ' fine ');
    page.client.rate(1);
    expect(page.sent()).toEqual([rate]);
    expect(clientFrame.safeParse(page.sent()[0]).success).toBe(true);
    expect(page.client.state().rating).toBe('sending');

    const again = open(storage);
    await again.greet(asks);
    expect(again.client.state().rating).toBe('sending');
    expect(again.sent()).toEqual([rate]);
    await again.advance(15_000);
    expect(again.sent()).toEqual([rate, rate]);
    again.deliver({ type: 'rated', commandId: 'command-1', score: 5 });
    expect(again.client.state()).toMatchObject({ rating: null, view: { rated: 5 } });
    again.client.rate(1);
    await again.reconnect();
    expect(again.sent()).toEqual([]);
  });

  test('without a word holds none, and one that cannot be kept can be tried again', async () => {
    const page = open(storage);
    await page.greet(asks);
    page.client.rate(2, '  ');
    expect(page.sent()).toEqual([{ type: 'rate', commandId: 'command-1', score: 2 }]);
    page.deliver({ type: 'error', code: 'expired', message: '', commandId: 'command-1' });
    expect(page.client.state().rating).toBe('failed');
    await page.advance(60_000);
    expect(page.sent()).toHaveLength(1);
    page.client.rate(3);
    expect(page.sent().at(-1)).toMatchObject({ commandId: 'command-2', score: 3 });
    expect(page.client.state().rating).toBe('sending');
  });
});

test('the dots of an agent go six seconds after their last sign', async () => {
  const page = open(storage);
  await page.greet({ owner: { owner: 'agent', term: 2, by: 'Ann' } });
  page.deliver(event({ type: 'agent.typing', by: 'Ann' }));
  await page.advance(4_000);
  page.deliver(event({ type: 'agent.typing', by: 'Ann' }));
  await page.advance(5_999);
  expect(page.client.state().view.typing).toBe('Ann');
  await page.advance(1);
  expect(page.client.state().view.typing).toBeNull();
});

test('a storage that holds something else counts as empty', () => {
  for (const held of ['{"person":{"clientMessageId":7},"rating":{"commandId":"x"}}', '{"person":[],"rating":3}'])
    expect(open({ get: () => held, set() {} }).client.state()).toMatchObject({ personWish: null, rating: null });
});
