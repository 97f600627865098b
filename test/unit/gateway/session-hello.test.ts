import { describe, expect, jest, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { grants, identity, send, settled, tokens, useSessionRig } from './session-rig.ts';

const rig = useSessionRig();

describe('hello', () => {
  test('of a stranger: a session, a conversation of their own, nothing resumed', async () => {
    const ann = rig().connect();
    await ann.hello();
    const welcome = ann.last('welcome');
    expect(ann.types()).toEqual(['welcome', 'snapshot']);
    expect(welcome).toMatchObject({ customer: null, resumed: false, heartbeatMs: 15_000, desk: rig().deps.desk });
    const { subject } = await tokens.visitor(welcome?.session);
    expect(grants.owns(subject, welcome?.conversation.id ?? '')).toBe(true);
  });

  test('again, with the session: the same conversation, and no new session', async () => {
    const first = rig().connect();
    await first.hello();
    const { session, conversation } = first.last('welcome') ?? {};
    const again = rig().connect();
    await again.hello({ session, conversation });
    expect(again.last('welcome')).toMatchObject({ conversation });
    expect(again.last('welcome')).not.toHaveProperty('session');
  });

  test('of a signed-in customer: named, without a session, owner of what they start', async () => {
    const ann = rig().connect();
    await ann.hello({ identity: await identity('4711', 60, { name: 'Ann' }) });
    const welcome = ann.last('welcome');
    expect(welcome).toMatchObject({ customer: { id: '4711', name: 'Ann' } });
    expect(welcome).not.toHaveProperty('session');
    ann.say(send(1));
    await settled();
    expect(rig().delivered[0]?.start).toEqual({
      conversationId: welcome?.conversation.id,
      owner: 'customer:4711',
      channel: 'web',
    });
  });

  test('of a visitor who signed in: what they started as a visitor stays theirs, and its owner', async () => {
    const visitor = rig().connect();
    await visitor.hello();
    const { session, conversation } = visitor.last('welcome') ?? {};
    const customer = rig().connect();
    await customer.hello({ session, conversation, identity: await identity('4711') });
    expect(customer.last('welcome')).toMatchObject({ conversation, customer: { id: '4711' } });
    customer.say(send(1));
    await settled();
    expect(rig().delivered[0]?.start.owner).toBe((await tokens.visitor(session)).subject);
  });

  test.each([
    ['a session that is none', { session: 'x' }],
    ['an identity that is none', { identity: 'x' }],
    ['both, one of them none', { identity: 'x', session: undefined }],
  ])('with %s: 4401', async (_what, rest) => {
    const ann = rig().connect();
    await ann.hello(rest);
    expect([ann.frames, ann.closeCode()]).toEqual([[], CLOSE.unauthorized]);
  });

  test('of a good session with a bad identity: 4401', async () => {
    const first = rig().connect();
    await first.hello();
    const ann = rig().connect();
    await ann.hello({ session: first.last('welcome')?.session, identity: 'x' });
    expect([ann.frames, ann.closeCode()]).toEqual([[], CLOSE.unauthorized]);
  });

  test('twice: 4400', async () => {
    const ann = rig().connect();
    await ann.hello();
    await ann.hello();
    expect(ann.closeCode()).toBe(CLOSE.protocol);
  });

  test('twice at once: 4400, and no welcome', async () => {
    const ann = rig().connect();
    ann.say({ type: 'hello', protocol: 1 });
    await ann.hello();
    expect([ann.frames, ann.closeCode()]).toEqual([[], CLOSE.protocol]);
  });

  test('not within 10 s: 4400', () => {
    jest.useFakeTimers();
    const ann = rig().connect();
    jest.advanceTimersByTime(9_999);
    expect(ann.closeCode()).toBeNull();
    jest.advanceTimersByTime(1);
    expect(ann.closeCode()).toBe(CLOSE.protocol);
  });

  test('beyond ten connections of one session: refused, and taken again once one has left', async () => {
    const first = rig().connect();
    await first.hello();
    const { session } = first.last('welcome') ?? {};
    for (let n = 2; n <= 10; n++) {
      const next = rig().connect();
      await next.hello({ session });
      expect(next.closeCode()).toBeNull();
    }
    const eleventh = rig().connect();
    await eleventh.hello({ session });
    expect([eleventh.types(), eleventh.closeCode()]).toEqual([['error'], CLOSE.tooMany]);
    eleventh.session.onClose(1006);
    first.session.onClose(1006);
    const twelfth = rig().connect();
    await twelfth.hello({ session });
    expect(twelfth.closeCode()).toBeNull();
  });

  test('of a client that is gone before the answer leaves nothing behind', async () => {
    const ann = rig().connect();
    ann.say({ type: 'hello', protocol: 1 });
    ann.session.onClose(1006);
    await settled();
    expect(ann.frames).toEqual([]);
  });
});

describe('a conversation that is not for this client', () => {
  const outcome = async (id: string, rest: object = {}) => {
    const ann = rig().connect();
    rig().lookedUp = [];
    await ann.hello({ ...rest, conversation: { id } });
    return { frames: ann.frames, close: ann.closeCode(), lookUps: rig().lookedUp.length };
  };

  test('is answered in the same words, whether it is unknown, foreign, closed or no id at all', async () => {
    const first = rig().connect();
    await first.hello();
    const { session, conversation } = first.last('welcome') ?? {};
    const own = conversation?.id ?? '';
    rig().closed.add(own);
    const answers = [
      await outcome(own, { session }),
      await outcome(own),
      await outcome(grants.mintConversationId('customer:4711'), { session }),
      await outcome(`cnv_${'A'.repeat(43)}`, { session }),
      await outcome('x', { session }),
      await outcome('', { session }),
      await outcome('\0\ud800', { session }),
    ];
    for (const answer of answers)
      expect(answer).toEqual({
        frames: [{ type: 'error', code: 'not_found', message: 'no such conversation' }],
        close: CLOSE.notFound,
        lookUps: 1,
      });
  });

  test('whatever is asked for, Postgres is asked for an id it can take', async () => {
    await outcome('\0');
    expect(rig().lookedUp).toEqual([expect.stringMatching(/^cnv_[\w-]{43}$/)]);
  });

  test('Postgres is down: the owner may go on, others still may not', async () => {
    const first = rig().connect();
    await first.hello();
    const { session, conversation } = first.last('welcome') ?? {};
    rig().isPostgresDown = true;
    expect((await outcome(conversation?.id ?? '', { session })).close).toBeNull();
    expect((await outcome(conversation?.id ?? '')).close).toBe(CLOSE.notFound);
  });
});
