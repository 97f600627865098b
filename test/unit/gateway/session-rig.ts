import { afterEach, beforeEach, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { ActionDecision } from '../../../contracts/actions.ts';
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
export const grants = createGrants(secret);
export const tokens = createTokens({ secret, identitySecret });

/** What the sessions of one test told Temporal and asked of Postgres, and how Postgres is. */
interface Surroundings {
  delivered: { start: ConversationStart; message: CustomerMessage }[];
  wishes: { start: ConversationStart; clientMessageId: string }[];
  decisions: ActionDecision[];
  closed: Set<string>;
  lookedUp: string[];
  isPostgresDown: boolean;
  rating: { score: number; comment: string | null } | undefined;
  asksForRating: boolean;
}

/** Signing and verifying happen outside the event loop. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
export const send = (n: number, text = 'hi') => ({ type: 'send', clientMessageId: `message-${n}`, text });
export const identity = (sub: string, seconds = 60, claims: object = {}): Promise<string> =>
  new SignJWT({ sub, aud: 'duradesk', exp: Math.floor(Date.now() / 1_000) + seconds, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(identitySecret));

/** The sessions of one node; `leave` ends those that a test left open. */
const createSessionRig = () => {
  const around: Surroundings = {
    delivered: [],
    wishes: [],
    decisions: [],
    closed: new Set(),
    lookedUp: [],
    isPostgresDown: false,
    rating: undefined,
    asksForRating: true,
  };
  const sessions: Session[] = [];
  const log = createMemoryEventLog();
  const deps: SessionDeps = {
    grants,
    tokens,
    conversations: {
      async deliver(start, message) {
        around.delivered.push({ start, message });
      },
      async wantPerson(start, clientMessageId) {
        around.wishes.push({ start, clientMessageId });
      },
      async decide(_conversationId, decision) {
        around.decisions.push(decision);
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
        around.lookedUp.push(id);
        if (around.isPostgresDown) throw new Error('Postgres is down');
        return around.closed.has(id);
      },
    },
    ratings: {
      async give(_conversationId, score, comment) {
        if (around.isPostgresDown) throw new Error('Postgres is down');
        if (!around.asksForRating) return null;
        around.rating ??= { score, comment };
        return around.rating.score;
      },
    },
    desk: { company: 'Acme', assistant: 'Robin' },
    limits: LIMITS,
    subjects: createCap(LIMITS.perSubject),
    messages: createBuckets(LIMITS.messages),
    metrics: createMetrics(new Registry()),
    log: pino({ level: 'silent' }),
  };

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

  const leave = (): void => {
    for (const session of sessions) session.onClose(1006);
  };

  // The same object that the ports read: a test sets `rig.isPostgresDown` and they see it.
  return Object.assign(around, { log, deps, connect, leave });
};

type SessionRig = ReturnType<typeof createSessionRig>;

/** Call it at the top of a test file: a new one for each test. */
export const useSessionRig = (): (() => SessionRig) => {
  let rig: SessionRig;
  beforeEach(() => {
    rig = createSessionRig();
  });
  afterEach(() => {
    rig.leave();
    jest.useRealTimers();
  });
  return () => rig;
};
