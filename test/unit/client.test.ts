import { describe, expect, test } from '@jest/globals';
import { CLOSE } from '../../contracts/close-codes.ts';
import type { DeskEvent, LoggedEvent } from '../../contracts/events.ts';
import { clientFrame, type ServerFrame } from '../../contracts/frames.ts';
import { createDeskClient, type DeskClientOptions } from '../../web/client.ts';
import { forgetfulStorage } from '../../web/memory.ts';
import { createFakeClock } from '../doubles/fake-clock.ts';
import { createFakeSockets } from '../doubles/fake-socket.ts';

const id = `cnv_${'x'.repeat(43)}`;
const otherId = `cnv_${'y'.repeat(43)}`;
const at = '2026-01-05T09:00:00.000Z';

const welcome = (change: Partial<Extract<ServerFrame, { type: 'welcome' }>> = {}): ServerFrame => ({
  type: 'welcome',
  protocol: 1,
  session: 'session-1',
  conversation: { id },
  customer: null,
  resumed: false,
  heartbeatMs: 10_000,
  desk: { company: 'Fjell', assistant: 'Juno' },
  ...change,
});

const emptySnapshot: ServerFrame = { type: 'snapshot', messages: [], position: null };

const events = (from: number, ...list: DeskEvent[]): ServerFrame => ({
  type: 'events',
  events: list.map(
    (event, n): LoggedEvent => ({
      id: `e${from + n}`,
      at,
      position: { generation: 'generation-1', seq: from + n },
      event,
    }),
  ),
});

const added = (clientMessageId: string, text: string, turn = 1): DeskEvent => ({
  type: 'message.added',
  message: { id: `c:${clientMessageId}`, author: 'customer', turn, text, at },
});

const setUp = (options: Partial<DeskClientOptions> = {}) => {
  const { clock, advance } = createFakeClock();
  const { WebSocket, sockets, newest } = createFakeSockets();
  const storage = options.storage ?? forgetfulStorage();
  let made = 0;
  const newId = () => `message-${++made}`;
  const client = createDeskClient({ url: 'ws://desk/v1/socket', WebSocket, storage, clock, newId, ...options });
  const sent = () => newest().frames.map((frame) => (frame.type === 'send' ? frame.clientMessageId : frame.type));
  /** Lets the client open its next socket, and greets it. */
  const greet = async (frame: ServerFrame = welcome()) => {
    await advance(0);
    newest().open();
    newest().deliver(frame);
    if (frame.type === 'welcome' && !frame.resumed) newest().deliver(emptySnapshot);
  };
  return { client, advance, sockets, newest, storage, sent, greet, clock };
};

describe('saying hello', () => {
  test('asks for a new conversation first, then for the same one from the last position on', async () => {
    const { greet, newest, advance, sockets } = setUp();
    await greet();
    expect(newest().frames).toEqual([{ type: 'hello', protocol: 1 }]);
    newest().deliver(events(1, added('elsewhere', 'Hi')));
    newest().closeWith(1006);
    await advance(1_000);
    newest().open();
    const position = { generation: 'generation-1', seq: 1 };
    expect(sockets).toHaveLength(2);
    expect(newest().frames).toEqual([
      { type: 'hello', protocol: 1, session: 'session-1', conversation: { id, position } },
    ]);
    expect(clientFrame.safeParse(newest().frames[0]).success).toBe(true);
  });

  test('shows who it is whenever it connects, and then needs no session', async () => {
    const tokens = ['token-1', 'token-2'];
    const { greet, newest, advance } = setUp({ identity: async () => tokens.shift() ?? '' });
    await greet();
    newest().closeWith(CLOSE.restart);
    await advance(1_000);
    newest().open();
    expect(newest().frames).toMatchObject([{ identity: 'token-2', conversation: { id } }]);
    expect(newest().frames[0]).not.toHaveProperty('session');
  });

  test('tries again later when the identity cannot be had', async () => {
    const answers = [Promise.reject(new Error('offline')), Promise.resolve('token')];
    const { client, advance, sockets } = setUp({ identity: () => answers.shift() ?? 'token' });
    await advance(0);
    expect(client.state().connection.status).toBe('waiting');
    await advance(4_000);
    expect(sockets).toHaveLength(1);
  });
});

describe('a message', () => {
  test('is pending at once, sent when acknowledged, and the conversation’s when it is shown there', async () => {
    const { client, greet, newest, sent } = setUp();
    client.send('Where is my order?');
    expect(client.state().outbox).toMatchObject([{ clientMessageId: 'message-1', status: 'pending' }]);
    await greet();
    expect(sent()).toEqual(['hello', 'message-1']);
    newest().deliver({ type: 'ack', clientMessageId: 'message-1' });
    expect(client.state().outbox).toMatchObject([{ status: 'sent' }]);
    const counts: number[] = [];
    client.subscribe(({ view, outbox }) => counts.push(view.messages.length + outbox.length));
    newest().deliver(events(1, added('message-1', 'Where is my order?')));
    expect(client.state().view.messages).toHaveLength(1);
    expect(new Set(counts)).toEqual(new Set([1]));
  });

  test('waits for the acknowledgement of the one before, also when that was refused for its rate', async () => {
    const { client, greet, newest, sent, advance } = setUp();
    await greet();
    client.send('one');
    client.send('two');
    expect(sent()).toEqual(['hello', 'message-1']);
    newest().deliver({
      type: 'error',
      code: 'rate_limited',
      message: 'wait',
      clientMessageId: 'message-1',
      retryAfterMs: 3_000,
    });
    await advance(2_900);
    expect(sent()).toEqual(['hello', 'message-1']);
    await advance(100);
    newest().deliver({ type: 'ack', clientMessageId: 'message-1' });
    expect(sent()).toEqual(['hello', 'message-1', 'message-1', 'message-2']);
  });

  test('is sent again on the next connection, under the same id, until it is acknowledged', async () => {
    const { client, greet, newest, sent, advance } = setUp();
    await greet();
    client.send('one');
    newest().closeWith(1006);
    await advance(1_000);
    await greet(welcome({ resumed: true }));
    expect(sent()).toEqual(['hello', 'message-1']);
    newest().deliver({ type: 'ack', clientMessageId: 'message-1' });
    newest().closeWith(1006);
    await advance(1_000);
    await greet(welcome({ resumed: true }));
    expect(sent()).toEqual(['hello']);
  });

  test('is sent again when a living link brings no acknowledgement', async () => {
    const { client, greet, newest, sent, advance } = setUp();
    await greet();
    client.send('one');
    await advance(10_000);
    newest().deliver({ type: 'heartbeat' });
    await advance(5_000);
    expect(sent()).toEqual(['hello', 'message-1', 'message-1']);
  });

  test('needs no acknowledgement when the snapshot already has it', async () => {
    const { client, greet, newest, sent, advance } = setUp();
    await greet();
    client.send('one');
    client.send('two');
    newest().closeWith(1006);
    await advance(1_000);
    newest().open();
    newest().deliver(welcome());
    const message = { id: 'c:message-1', author: 'customer', turn: 1, text: 'one', at } as const;
    newest().deliver({ type: 'snapshot', messages: [message], position: null });
    expect(client.state().outbox).toMatchObject([{ clientMessageId: 'message-2' }]);
    expect(sent()).toEqual(['hello', 'message-1', 'message-2']);
  });

  test('survives a reload', async () => {
    const first = setUp();
    await first.greet();
    first.client.send('one');
    first.client.end();
    const second = setUp({ storage: first.storage });
    expect(second.client.state().outbox).toMatchObject([{ text: 'one', status: 'pending' }]);
    await second.greet();
    expect(second.newest().frames).toMatchObject([
      { type: 'hello', session: 'session-1', conversation: { id } },
      { type: 'send', clientMessageId: 'message-1', text: 'one' },
    ]);
  });

  test.each(['invalid', 'conflict'] as const)(
    'fails for good when it is refused as %s; again, it is a new one',
    async (code) => {
      const { client, greet, newest, sent } = setUp();
      await greet();
      client.send('one');
      client.send('two');
      newest().deliver({ type: 'error', code, message: 'no', clientMessageId: 'message-1' });
      expect(client.state().outbox).toMatchObject([{ status: 'failed', reason: code }, { status: 'pending' }]);
      expect(sent()).toEqual(['hello', 'message-1', 'message-2']);
      client.retry('message-1');
      newest().deliver({ type: 'ack', clientMessageId: 'message-2' });
      expect(sent()).toEqual(['hello', 'message-1', 'message-2', 'message-3']);
      expect(client.state().outbox).toMatchObject([{ text: 'two' }, { text: 'one', status: 'pending' }]);
    },
  );
});

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

describe('a conversation that is gone', () => {
  test('is replaced by a new one; what was not sent is kept and waits for the customer', async () => {
    const { client, greet, newest, advance, sent, storage } = setUp();
    await greet();
    client.send('one');
    newest().closeWith(CLOSE.notFound);
    expect(client.state()).toMatchObject({
      conversationId: null,
      conversationGone: true,
      outbox: [{ text: 'one', status: 'failed', reason: 'not_found' }],
    });
    await advance(500);
    await greet(welcome({ conversation: { id: otherId } }));
    expect(newest().frames).toEqual([{ type: 'hello', protocol: 1, session: 'session-1' }]);
    client.retry('message-1');
    expect(sent()).toEqual(['hello', 'message-2']);
    expect(JSON.parse(storage.get() ?? '')).toMatchObject({
      conversation: otherId,
      outbox: [{ clientMessageId: 'message-2', conversation: otherId }],
    });
  });

  test('takes its session along when that is what was refused', async () => {
    const storage = forgetfulStorage({ session: 'forged', conversation: id });
    const { client, greet, newest, advance } = setUp({ storage });
    await advance(0);
    newest().open();
    newest().closeWith(CLOSE.unauthorized);
    await advance(500);
    newest().open();
    expect(newest().frames).toEqual([{ type: 'hello', protocol: 1 }]);
    expect(client.state().conversationGone).toBe(true);
    await greet(welcome({ session: 'session-2' }));
    expect(JSON.parse(storage.get() ?? '')).toMatchObject({ session: 'session-2', conversation: id });
  });

  test('is not, when an identity is refused: another one is asked for, once', async () => {
    let made = 0;
    const { client, newest, advance, sockets } = setUp({ identity: () => `stale-${++made}` });
    await advance(0);
    newest().open();
    newest().closeWith(CLOSE.unauthorized);
    await advance(500);
    newest().open();
    newest().closeWith(CLOSE.unauthorized);
    await advance(60_000);
    expect(sockets).toHaveLength(2);
    expect(client.state().connection).toEqual({ status: 'refused', code: CLOSE.unauthorized });
  });

  test('can be left on purpose', async () => {
    const { client, greet, newest, advance } = setUp();
    await greet();
    newest().deliver(events(1, added('elsewhere', 'Hi')));
    client.startNew();
    expect(client.state()).toMatchObject({ conversationId: null, conversationGone: false, view: { messages: [] } });
    await advance(0);
    newest().open();
    expect(newest().frames).toEqual([{ type: 'hello', protocol: 1, session: 'session-1' }]);
  });
});

describe('lost continuity', () => {
  test('is repaired by a snapshot; until that comes, what was shown stays', async () => {
    const { client, greet, newest, advance } = setUp();
    await greet();
    newest().deliver(events(1, added('elsewhere', 'Hi')));
    newest().deliver(events(3, { type: 'reply.started', turn: 1, attempt: 1 }));
    expect(client.state().view.messages).toHaveLength(1);
    await advance(500);
    newest().open();
    expect(newest().frames).toEqual([{ type: 'hello', protocol: 1, session: 'session-1', conversation: { id } }]);
    newest().deliver(welcome());
    newest().deliver({ type: 'snapshot', messages: [], position: { generation: 'generation-2', seq: 7 } });
    newest().closeWith(1006);
    await advance(1_000);
    newest().open();
    expect(newest().frames).toMatchObject([{ conversation: { position: { generation: 'generation-2', seq: 7 } } }]);
  });

  test('is not caused by what is no frame', async () => {
    const { client, greet, newest } = setUp();
    await greet();
    const before = client.state();
    for (const nonsense of [
      '',
      'null',
      '[]',
      '{"type":"toString"}',
      '{"type":"events"}',
      '{"type":"events","events":[{}]}',
    ])
      newest().deliver(nonsense);
    expect(client.state()).toBe(before);
  });
});

test('ids are 128 random bits that the contract accepts', async () => {
  const { WebSocket } = createFakeSockets();
  const { clock } = createFakeClock();
  const client = createDeskClient({ url: 'ws://desk', WebSocket, storage: forgetfulStorage(), clock });
  const ids = Array.from({ length: 100 }, () => client.send('one'));
  expect(new Set(ids).size).toBe(100);
  for (const made of ids)
    expect(clientFrame.safeParse({ type: 'send', clientMessageId: made, text: 'one' }).success).toBe(true);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
});

test('storage that holds something else counts as empty', () => {
  for (const held of ['', 'null', '7', '{"session":7,"conversation":[],"outbox":[null,{"text":1}]}', '{'])
    expect(setUp({ storage: { get: () => held, set() {} } }).client.state()).toMatchObject({
      conversationId: null,
      outbox: [],
    });
});
