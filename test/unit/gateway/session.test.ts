import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { ActionDecision } from '../../../contracts/actions.ts';
import { CLOSE } from '../../../contracts/close-codes.ts';
import type { ConversationStart, CustomerMessage } from '../../../contracts/conversation.ts';
import { createGrants } from '../../../gateway/grants.ts';
import { createBuckets, createCap, LIMITS } from '../../../gateway/limits.ts';
import { createMetrics } from '../../../gateway/metrics.ts';
import { createSession, type Session, type SessionDeps } from '../../../gateway/session.ts';
import { createTokens } from '../../../gateway/tokens.ts';
import { createMemoryEventLog } from '../../../stream/memory.ts';
import { createClient } from './held-by-client.ts';

const secret = 'what the gateways share, 32 characters';
const identitySecret = 'what the company signs with, in a test';
const grants = createGrants(secret);
const tokens = createTokens({ secret, identitySecret });

let delivered: { start: ConversationStart; message: CustomerMessage }[];
let closed: Set<string>;
let lookedUp: string[];
let isPostgresDown: boolean;
let log: ReturnType<typeof createMemoryEventLog>;
let deps: SessionDeps;
let sessions: Session[];

let decisions: ActionDecision[];
let wishes: { start: ConversationStart; clientMessageId: string }[];
let rating: { score: number; comment: string | null } | undefined;
let asksForRating: boolean;
beforeEach(() => {
  wishes = [];
  rating = undefined;
  asksForRating = true;
  delivered = [];
  decisions = [];
  closed = new Set();
  lookedUp = [];
  isPostgresDown = false;
  sessions = [];
  log = createMemoryEventLog();
  deps = {
    grants,
    tokens,
    conversations: {
      async deliver(start, message) {
        delivered.push({ start, message });
      },
      async wantPerson(start, clientMessageId) {
        wishes.push({ start, clientMessageId });
      },
      async decide(_conversationId, decision) {
        decisions.push(decision);
        return { kind: 'decided', decision: decision.decision };
      },
      async check() {},
    },
    events: log,
    transcripts: {
      async messages() {
        return [];
      },
      async actions() {
        return [];
      },
      async standing() {
        return null;
      },
      async isClosed(id) {
        lookedUp.push(id);
        if (isPostgresDown) throw new Error('Postgres is down');
        return closed.has(id);
      },
    },
    ratings: {
      async give(_conversationId, score, comment) {
        if (isPostgresDown) throw new Error('Postgres is down');
        if (!asksForRating) return null;
        rating ??= { score, comment };
        return rating.score;
      },
    },
    desk: { company: 'Acme', assistant: 'Robin' },
    limits: LIMITS,
    subjects: createCap(LIMITS.perSubject),
    messages: createBuckets(LIMITS.messages),
    metrics: createMetrics(new Registry()),
    log: pino({ level: 'silent' }),
  };
});

afterEach(() => {
  for (const session of sessions) session.onClose(1006);
  jest.useRealTimers();
});

const connect = () => {
  const client = createClient();
  const session = createSession(deps, client.link, 'web');
  sessions.push(session);
  return {
    ...client,
    session,
    say: (frame: object): void => session.onMessage(JSON.stringify(frame)),
    async hello(rest: object = {}): Promise<void> {
      const before = client.frames.length;
      session.onMessage(JSON.stringify({ type: 'hello', protocol: 1, ...rest }));
      const deadline = Date.now() + 5_000;
      while (client.frames.length === before && client.closeCode() === null && Date.now() < deadline) await settled();
      await settled();
    },
  };
};

/** Signing and verifying happen outside the event loop. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
const send = (n: number, text = 'hi') => ({ type: 'send', clientMessageId: `message-${n}`, text });
const identity = (sub: string, seconds = 60, claims: object = {}): Promise<string> =>
  new SignJWT({ sub, aud: 'duradesk', exp: Math.floor(Date.now() / 1_000) + seconds, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(identitySecret));

describe('hello', () => {
  test('of a stranger: a session, a conversation of their own, nothing resumed', async () => {
    const ann = connect();
    await ann.hello();
    const welcome = ann.last('welcome');
    expect(ann.types()).toEqual(['welcome', 'snapshot']);
    expect(welcome).toMatchObject({ customer: null, resumed: false, heartbeatMs: 15_000, desk: deps.desk });
    const { subject } = await tokens.visitor(welcome?.session);
    expect(grants.owns(subject, welcome?.conversation.id ?? '')).toBe(true);
  });

  test('again, with the session: the same conversation, and no new session', async () => {
    const first = connect();
    await first.hello();
    const { session, conversation } = first.last('welcome') ?? {};
    const again = connect();
    await again.hello({ session, conversation });
    expect(again.last('welcome')).toMatchObject({ conversation });
    expect(again.last('welcome')).not.toHaveProperty('session');
  });

  test('of a signed-in customer: named, without a session, owner of what they start', async () => {
    const ann = connect();
    await ann.hello({ identity: await identity('4711', 60, { name: 'Ann' }) });
    const welcome = ann.last('welcome');
    expect(welcome).toMatchObject({ customer: { id: '4711', name: 'Ann' } });
    expect(welcome).not.toHaveProperty('session');
    ann.say(send(1));
    await settled();
    expect(delivered[0]?.start).toEqual({
      conversationId: welcome?.conversation.id,
      owner: 'customer:4711',
      channel: 'web',
    });
  });

  test('of a visitor who signed in: what they started as a visitor stays theirs, and its owner', async () => {
    const visitor = connect();
    await visitor.hello();
    const { session, conversation } = visitor.last('welcome') ?? {};
    const customer = connect();
    await customer.hello({ session, conversation, identity: await identity('4711') });
    expect(customer.last('welcome')).toMatchObject({ conversation, customer: { id: '4711' } });
    customer.say(send(1));
    await settled();
    expect(delivered[0]?.start.owner).toBe((await tokens.visitor(session)).subject);
  });

  test.each([
    ['a session that is none', { session: 'x' }],
    ['an identity that is none', { identity: 'x' }],
    ['both, one of them none', { identity: 'x', session: undefined }],
  ])('with %s: 4401', async (_what, rest) => {
    const ann = connect();
    await ann.hello(rest);
    expect([ann.frames, ann.closeCode()]).toEqual([[], CLOSE.unauthorized]);
  });

  test('of a good session with a bad identity: 4401', async () => {
    const first = connect();
    await first.hello();
    const ann = connect();
    await ann.hello({ session: first.last('welcome')?.session, identity: 'x' });
    expect([ann.frames, ann.closeCode()]).toEqual([[], CLOSE.unauthorized]);
  });

  test('twice: 4400', async () => {
    const ann = connect();
    await ann.hello();
    await ann.hello();
    expect(ann.closeCode()).toBe(CLOSE.protocol);
  });

  test('twice at once: 4400, and no welcome', async () => {
    const ann = connect();
    ann.say({ type: 'hello', protocol: 1 });
    await ann.hello();
    expect([ann.frames, ann.closeCode()]).toEqual([[], CLOSE.protocol]);
  });

  test('not within 10 s: 4400', () => {
    jest.useFakeTimers();
    const ann = connect();
    jest.advanceTimersByTime(9_999);
    expect(ann.closeCode()).toBeNull();
    jest.advanceTimersByTime(1);
    expect(ann.closeCode()).toBe(CLOSE.protocol);
  });

  test('beyond ten connections of one session: refused, and taken again once one has left', async () => {
    const first = connect();
    await first.hello();
    const { session } = first.last('welcome') ?? {};
    for (let n = 2; n <= 10; n++) {
      const next = connect();
      await next.hello({ session });
      expect(next.closeCode()).toBeNull();
    }
    const eleventh = connect();
    await eleventh.hello({ session });
    expect([eleventh.types(), eleventh.closeCode()]).toEqual([['error'], CLOSE.tooMany]);
    eleventh.session.onClose(1006);
    first.session.onClose(1006);
    const twelfth = connect();
    await twelfth.hello({ session });
    expect(twelfth.closeCode()).toBeNull();
  });

  test('of a client that is gone before the answer leaves nothing behind', async () => {
    const ann = connect();
    ann.say({ type: 'hello', protocol: 1 });
    ann.session.onClose(1006);
    await settled();
    expect(ann.frames).toEqual([]);
  });
});

describe('a conversation that is not for this client', () => {
  const outcome = async (id: string, rest: object = {}) => {
    const ann = connect();
    lookedUp = [];
    await ann.hello({ ...rest, conversation: { id } });
    return { frames: ann.frames, close: ann.closeCode(), lookUps: lookedUp.length };
  };

  test('is answered in the same words, whether it is unknown, foreign, closed or no id at all', async () => {
    const first = connect();
    await first.hello();
    const { session, conversation } = first.last('welcome') ?? {};
    const own = conversation?.id ?? '';
    closed.add(own);
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
    expect(lookedUp).toEqual([expect.stringMatching(/^cnv_[\w-]{43}$/)]);
  });

  test('Postgres is down: the owner may go on, others still may not', async () => {
    const first = connect();
    await first.hello();
    const { session, conversation } = first.last('welcome') ?? {};
    isPostgresDown = true;
    expect((await outcome(conversation?.id ?? '', { session })).close).toBeNull();
    expect((await outcome(conversation?.id ?? '')).close).toBe(CLOSE.notFound);
  });
});

describe('send', () => {
  test('before hello: 4400', () => {
    const ann = connect();
    ann.say(send(1));
    expect(ann.closeCode()).toBe(CLOSE.protocol);
  });

  test('right behind hello: after the welcome, in order', async () => {
    const ann = connect();
    ann.say({ type: 'hello', protocol: 1 });
    for (const n of [1, 2, 3]) ann.say(send(n));
    await settled();
    expect(ann.types()).toEqual(['welcome', 'snapshot', 'ack', 'ack', 'ack']);
    expect(delivered.map(({ message }) => message.clientMessageId)).toEqual(['message-1', 'message-2', 'message-3']);
  });

  test('a text that cannot be taken: said by id, and the connection stays', async () => {
    const ann = connect();
    await ann.hello();
    ann.say(send(1, 'x'.repeat(4_001)));
    expect(ann.last('error')).toEqual({
      type: 'error',
      code: 'invalid',
      message: 'text is longer than 4000 characters',
      clientMessageId: 'message-1',
    });
    expect([ann.closeCode(), delivered]).toEqual([null, []]);
  });

  test('after the identity expired: 4401, and Temporal hears nothing', async () => {
    const ann = connect();
    await ann.hello({ identity: await identity('4711', -3) });
    expect(ann.types()).toEqual(['welcome', 'snapshot']);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    ann.say(send(1));
    expect([ann.closeCode(), delivered]).toEqual([CLOSE.unauthorized, []]);
  });

  test('nobody who only reads outlives their identity', async () => {
    const ann = connect();
    await ann.hello({ identity: await identity('4711', -3) });
    ann.session.onTick();
    expect(ann.closeCode()).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    ann.session.onTick();
    expect(ann.closeCode()).toBe(CLOSE.unauthorized);
  });

  test('after the conversation was closed: the answer for one that is not there', async () => {
    const ann = connect();
    await ann.hello();
    const { id = '' } = ann.last('welcome')?.conversation ?? {};
    await log.open(id, { term: 0, turn: 1 }, { once: [{ type: 'conversation.closed' }], always: () => [] });
    await settled();
    ann.say(send(1));
    expect(ann.last('error')).toEqual({ type: 'error', code: 'not_found', message: 'no such conversation' });
    expect([ann.closeCode(), delivered]).toEqual([CLOSE.notFound, []]);
  });

  test('the rate is that of the visitor, over all connections', async () => {
    const one = connect();
    await one.hello();
    const { session } = one.last('welcome') ?? {};
    const two = connect();
    await two.hello({ session });
    for (let n = 1; n <= 10; n++) (n % 2 ? one : two).say(send(n));
    two.say(send(11));
    expect(two.last('error')).toMatchObject({ code: 'rate_limited', clientMessageId: 'message-11' });
    await settled();
    expect(delivered).toHaveLength(10);
  });
});

describe('floods', () => {
  test('over 20 frames a second: one soft error a second, nothing is read, the connection stays', async () => {
    // The clock of the buckets stands still: how busy the machine is must not refill them.
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date'],
    });
    const ann = connect();
    await ann.hello();
    for (let n = 0; n < 100; n++) ann.say(send(n, 'x'.repeat(4_001)));
    const errors = ann.frames.filter((frame) => frame.type === 'error');
    expect(errors.filter((frame) => frame.code === 'rate_limited')).toEqual([
      { type: 'error', code: 'rate_limited', message: 'too many frames', retryAfterMs: expect.any(Number) },
    ]);
    expect(errors.filter((frame) => frame.code === 'invalid')).toHaveLength(39);
    expect(ann.closeCode()).toBeNull();
  });

  test.each(['frames', 'pings'])('200 %s a second: 4429 after two seconds', async (what) => {
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date'],
    });
    const ann = connect();
    await ann.hello();
    let sent = 0;
    while (ann.closeCode() === null && sent < 1_000) {
      if (what === 'frames') ann.say(send(sent, ''));
      else ann.session.onPing();
      sent += 1;
      jest.advanceTimersByTime(5);
    }
    expect(ann.closeCode()).toBe(CLOSE.tooMany);
    expect(sent).toBeGreaterThan(300);
    expect(sent).toBeLessThan(450);
  });
});

describe('drain', () => {
  test('says goodbye, waits for what Temporal is being told, and closes with 1012', async () => {
    let answer = (): void => {};
    deps.conversations.deliver = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const ann = connect();
    await ann.hello();
    ann.say(send(1));
    const drained = ann.session.drain(1_234);
    expect(ann.last('bye')).toEqual({ type: 'bye', reconnectAfterMs: 1_234 });
    ann.say(send(2));
    await settled();
    expect(ann.closeCode()).toBeNull();
    answer();
    await drained;
    expect(ann.types()).toEqual(['welcome', 'snapshot', 'bye', 'ack']);
    expect(ann.closeCode()).toBe(CLOSE.restart);
  });

  test('before hello, too', async () => {
    const ann = connect();
    await ann.session.drain(0);
    expect([ann.types(), ann.closeCode()]).toEqual([['bye'], CLOSE.restart]);
  });
});

describe('a decision on an action', () => {
  const decide = { type: 'decide', commandId: 'command-1', action: '1.0', argumentsHash: 'a'.repeat(64) };

  test('goes to the conversation, and what counts comes back', async () => {
    const ann = connect();
    await ann.hello();
    ann.say({ ...decide, decision: 'confirm' });
    await settled();
    expect(decisions).toMatchObject([{ commandId: 'command-1', action: '1.0', decision: 'confirm' }]);
    expect(ann.last('decided')).toEqual({
      type: 'decided',
      commandId: 'command-1',
      action: '1.0',
      decision: 'confirm',
    });
  });

  test('before the welcome, or for a person to make, is no frame of this protocol', async () => {
    const early = connect();
    early.say({ ...decide, decision: 'confirm' });
    expect(early.closeCode()).toBe(CLOSE.protocol);
    for (const wrong of [
      { decision: 'approve' },
      { decision: 'confirm', by: 'agent' },
      { decision: 'confirm', action: 'x' },
    ]) {
      const ann = connect();
      await ann.hello();
      ann.say({ ...decide, ...wrong });
      expect(ann.closeCode()).toBe(CLOSE.protocol);
    }
    expect(decisions).toEqual([]);
  });
});

describe('the wish for a person', () => {
  test('starts the conversation as a message does, also by a client that did not wait for the welcome', async () => {
    const ann = connect();
    const greeted = ann.hello({ language: 'de' });
    ann.say({ type: 'person', clientMessageId: 'wish-0001' });
    await greeted;
    await settled();
    expect(wishes).toEqual([
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
    const ann = connect();
    ann.say({ type: 'person', clientMessageId: 'wish-0001' });
    expect([ann.closeCode(), wishes]).toEqual([CLOSE.protocol, []]);
  });
});

describe('a rating', () => {
  const rate = (score: number, commandId = 'command-1') => ({ type: 'rate', commandId, score, comment: 'so-so' });

  test('is kept once, and the first one counts', async () => {
    const ann = connect();
    await ann.hello();
    ann.say(rate(4));
    await settled();
    ann.say(rate(1, 'command-2'));
    await settled();
    expect(rating).toEqual({ score: 4, comment: 'so-so' });
    expect(ann.last('rated')).toEqual({ type: 'rated', commandId: 'command-2', score: 4 });
  });

  test('that nobody asked for is refused for good, and one that cannot be kept is asked for again', async () => {
    const ann = connect();
    await ann.hello();
    asksForRating = false;
    ann.say(rate(4));
    await settled();
    expect(ann.last('error')).toMatchObject({ code: 'expired', commandId: 'command-1' });
    asksForRating = true;
    isPostgresDown = true;
    ann.say(rate(4));
    await settled();
    expect(ann.last('error')).toMatchObject({ code: 'unavailable', commandId: 'command-1', retryAfterMs: 1_000 });
    isPostgresDown = false;
    ann.say(rate(4));
    await settled();
    expect(ann.last('rated')).toMatchObject({ score: 4 });
  });

  test('is served one at a time, within the limit that messages have, and waited for when the node leaves', async () => {
    let keep = (): void => {};
    deps.ratings.give = () =>
      new Promise((resolve) => {
        keep = () => resolve(5);
      });
    const ann = connect();
    await ann.hello();
    ann.say(rate(5));
    ann.say(rate(4, 'command-2'));
    expect(ann.last('error')).toMatchObject({ code: 'rate_limited', commandId: 'command-2', retryAfterMs: 1_000 });
    const drained = ann.session.drain(0);
    await settled();
    expect(ann.closeCode()).toBeNull();
    keep();
    await drained;
    expect(ann.types().slice(-2)).toEqual(['bye', 'rated']);
  });
});
