import { describe, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { identity, send, settled, useSessionRig } from './session-rig.ts';

const rig = useSessionRig();

describe('send', () => {
  test('before hello: 4400', () => {
    const ann = rig().connect();
    ann.say(send(1));
    expect(ann.closeCode()).toBe(CLOSE.protocol);
  });

  test('right behind hello: after the welcome, in order', async () => {
    const ann = rig().connect();
    ann.say({ type: 'hello', protocol: 1 });
    for (const n of [1, 2, 3]) ann.say(send(n));
    await settled();
    expect(ann.types()).toEqual(['welcome', 'snapshot', 'ack', 'ack', 'ack']);
    expect(rig().delivered.map(({ message }) => message.clientMessageId)).toEqual([
      'message-1',
      'message-2',
      'message-3',
    ]);
  });

  test('a text that cannot be taken: said by id, and the connection stays', async () => {
    const ann = rig().connect();
    await ann.hello();
    ann.say(send(1, 'x'.repeat(4_001)));
    expect(ann.last('error')).toEqual({
      type: 'error',
      code: 'invalid',
      message: 'text is longer than 4000 characters',
      clientMessageId: 'message-1',
    });
    expect([ann.closeCode(), rig().delivered]).toEqual([null, []]);
  });

  test('after the identity expired: 4401, and Temporal hears nothing', async () => {
    const ann = rig().connect();
    await ann.hello({ identity: await identity('4711', -3) });
    expect(ann.types()).toEqual(['welcome', 'snapshot']);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    ann.say(send(1));
    expect([ann.closeCode(), rig().delivered]).toEqual([CLOSE.unauthorized, []]);
  });

  test('nobody who only reads outlives their identity', async () => {
    const ann = rig().connect();
    await ann.hello({ identity: await identity('4711', -3) });
    ann.session.onTick();
    expect(ann.closeCode()).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    ann.session.onTick();
    expect(ann.closeCode()).toBe(CLOSE.unauthorized);
  });

  test('after the conversation was closed: the answer for one that is not there', async () => {
    const ann = rig().connect();
    await ann.hello();
    const { id = '' } = ann.last('welcome')?.conversation ?? {};
    await rig().log.open(id, { term: 0, turn: 1 }, { once: [{ type: 'conversation.closed' }], always: () => [] });
    await settled();
    ann.say(send(1));
    expect(ann.last('error')).toEqual({ type: 'error', code: 'not_found', message: 'no such conversation' });
    expect([ann.closeCode(), rig().delivered]).toEqual([CLOSE.notFound, []]);
  });

  test('the rate is that of the visitor, over all connections', async () => {
    const one = rig().connect();
    await one.hello();
    const { session } = one.last('welcome') ?? {};
    const two = rig().connect();
    await two.hello({ session });
    for (let n = 1; n <= 10; n++) (n % 2 ? one : two).say(send(n));
    two.say(send(11));
    expect(two.last('error')).toMatchObject({ code: 'rate_limited', clientMessageId: 'message-11' });
    await settled();
    expect(rig().delivered).toHaveLength(10);
  });
});

describe('the wish for a person', () => {
  test('starts the conversation as a message does, also by a client that did not wait for the welcome', async () => {
    const ann = rig().connect();
    const greeted = ann.hello({ language: 'de' });
    ann.say({ type: 'person', clientMessageId: 'wish-0001' });
    await greeted;
    await settled();
    expect(rig().wishes).toEqual([
      {
        start: {
          conversationId: ann.last('welcome')?.conversation.id,
          ...{ owner: expect.any(String), channel: 'web', language: 'de' },
        },
        clientMessageId: 'wish-0001',
      },
    ]);
    expect(ann.last('ack')).toEqual({ type: 'ack', clientMessageId: 'wish-0001' });
  });

  test('before hello is no frame of this protocol', () => {
    const ann = rig().connect();
    ann.say({ type: 'person', clientMessageId: 'wish-0001' });
    expect([ann.closeCode(), rig().wishes]).toEqual([CLOSE.protocol, []]);
  });
});
