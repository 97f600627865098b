import { describe, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { forgetfulStorage } from '../../../web/memory.ts';
import { added, events, id, setUp, welcome } from './rig.ts';

const otherId = `cnv_${'y'.repeat(43)}`;

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
