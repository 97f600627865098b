import { describe, expect, test } from '@jest/globals';
import { clientFrame } from '../../../contracts/frames.ts';
import { createDeskClient } from '../../../web/client.ts';
import { forgetfulStorage } from '../../../web/memory.ts';
import { createFakeClock } from '../../doubles/fake-clock.ts';
import { createFakeSockets } from '../../doubles/fake-socket.ts';
import { added, at, events, id, setUp, welcome } from './rig.ts';

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
