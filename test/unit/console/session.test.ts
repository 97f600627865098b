import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { AgentAccount } from '../../../contracts/agents.ts';
import { CLOSE } from '../../../contracts/close-codes.ts';
import type { ConsoleNews, ConsoleServerFrame } from '../../../contracts/console-frames.ts';
import { type ConsoleSessionDeps, createConsoleSession } from '../../../gateway/console/session.ts';
import { createCap, LIMITS } from '../../../gateway/limits.ts';
import { createMetrics } from '../../../gateway/metrics.ts';
import { createMemoryEventLog } from '../../../stream/memory.ts';

const ann: AgentAccount = {
  ...{ id: 'ann', name: 'Ann', role: 'agent', desks: ['orders'], skills: [], languages: ['en'], capacity: 3 },
};
const THEIRS = `cnv_${'A'.repeat(43)}`;
const OTHERS = `cnv_${'B'.repeat(43)}`;

let account: AgentAccount | null;
let isRedisAway: boolean;
let isPostgresAway: boolean;
let deps: ConsoleSessionDeps;
let listeners: { to: { agent: string; desks: readonly string[] }; onNews(news: ConsoleNews): void; onGap(): void }[];
let presence: string[];
let announced: object[];
let ended: (() => void)[];

beforeEach(() => {
  account = ann;
  isRedisAway = false;
  isPostgresAway = false;
  listeners = [];
  presence = [];
  announced = [];
  ended = [];
  const log = createMemoryEventLog();
  const reach = (isAway: boolean): void => {
    if (isAway) throw new Error('away');
  };
  deps = {
    events: log,
    transcripts: {
      messages: async () => [],
      actions: async () => [],
      standing: async () => null,
      isClosed: async () => false,
    },
    viewers: { look: async () => [], leave: async () => {}, watch: async () => () => {} },
    channels: {
      async listen(to, listener) {
        reach(isRedisAway);
        listeners.push({ to, ...listener });
        return () => {};
      },
    },
    offers: {
      openFor: async () => [
        { desk: 'orders', offer: 7, agent: 'ann', conversationId: THEIRS, term: 1, reason: 'asked', until: 5 },
      ],
      open: async () => {},
      close: async () => {},
      conversationOf: async () => null,
    },
    access: {
      held: async (_reader, id) => (id === THEIRS ? { term: 2, heldBy: 'agent', agent: 'ann', desk: 'orders' } : null),
    },
    owners: { of: async () => ({ term: 2, heldBy: 'agent', agent: 'ann', desk: 'orders' }) },
    async announce(_id, term, events) {
      announced.push(...events.map((event) => ({ term, ...event })));
      return 'announced';
    },
    presence: {
      arrive: async (agent) => void presence.push(`+${agent}`),
      leave: async (agent) => void presence.push(`-${agent}`),
      tell: async () => {},
      round: async () => {},
      start: () => {},
      stop: () => {},
    },
    sessions: {
      async find() {
        reach(isPostgresAway);
        return account;
      },
      open: async () => '',
      renew: async () => {},
      end: async () => {},
    },
    desks: ['orders', 'returns'],
    limits: LIMITS,
    agents: createCap(2),
    metrics: createMetrics(new Registry()),
    log: pino({ level: 'silent' }),
  };
});
afterEach(() => {
  for (const end of ended) end();
});

const connect = (token: string | undefined = 'a token') => {
  const frames: ConsoleServerFrame[] = [];
  let closeCode: number | null = null;
  const session = createConsoleSession(
    deps,
    {
      send: (frame) => void frames.push(frame),
      flushed: async () => {},
      close: (code) => {
        closeCode ??= code;
      },
    },
    token,
  );
  ended.push(() => session.onClose(1006));
  const settled = () => new Promise((resolve) => setTimeout(resolve, 250));
  return {
    ...{ session, frames },
    closeCode: () => closeCode,
    of: (type: ConsoleServerFrame['type']) => frames.filter((frame) => frame.type === type),
    async say(...said: (object | string)[]) {
      for (const frame of said) session.onMessage(typeof frame === 'string' ? frame : JSON.stringify(frame));
      await settled();
    },
    settled,
  };
};
const hello = { type: 'hello', protocol: 1 };

test('hello comes first and once; then the welcome has the offers, and the agent is there', async () => {
  const console = connect();
  await console.say(hello);
  expect(console.frames).toMatchObject([
    { type: 'welcome', agent: { id: 'ann', name: 'Ann' }, offers: [{ desk: 'orders', offer: 7 }] },
  ]);
  expect(presence).toEqual(['+ann']);
  expect(listeners.map(({ to }) => to)).toEqual([{ agent: 'ann', desks: ['orders'] }]);
  await console.say(hello);
  expect(console.closeCode()).toBe(CLOSE.protocol);
  console.session.onClose(1005);
  expect(presence).toEqual(['+ann', '-ann']);
});

test('without a session, with one that is over, or over the share of an agent nothing is said', async () => {
  const strangers = [connect('')];
  account = null;
  strangers.push(connect());
  for (const stranger of strangers) {
    await stranger.say(hello);
    expect([stranger.closeCode(), stranger.frames]).toEqual([CLOSE.unauthorized, []]);
  }
  account = ann;
  const windows = [connect(), connect(), connect()];
  for (const window of windows) await window.say(hello);
  expect(windows.map((window) => window.closeCode())).toEqual([null, null, CLOSE.tooMany]);
  isPostgresAway = true;
  const late = connect();
  await late.say(hello);
  expect(late.closeCode()).toBe(CLOSE.restart);
});

test('one conversation that may be seen is followed, another is not found; typing counts only where one looks', async () => {
  const console = connect();
  await console.say(hello, { type: 'typing', conversation: THEIRS });
  expect(announced).toEqual([]);
  expect(console.closeCode()).toBe(CLOSE.protocol);
  const second = connect();
  await second.say(hello);
  await second.say({ type: 'typing', conversation: THEIRS });
  expect(announced).toEqual([]);
  await second.say({ type: 'watch', conversation: THEIRS }, { type: 'watch', conversation: OTHERS });
  expect(second.of('watching')).toEqual([{ type: 'watching', conversation: THEIRS, resumed: false }]);
  expect(second.of('snapshot')).toMatchObject([{ conversation: THEIRS, position: null }]);
  expect(second.of('error')).toMatchObject([{ code: 'not_found', conversation: OTHERS }]);
  const typing = { type: 'typing', conversation: THEIRS };
  await second.say(typing, typing, typing, { type: 'typing', conversation: OTHERS });
  expect(announced).toEqual([{ term: 2, type: 'agent.typing', by: 'Ann' }]);
});

test('news pass; changes are told once for a burst, of a view to who watches it, of the floor to supervisors', async () => {
  account = { ...ann, role: 'supervisor' };
  const console = connect();
  await console.say(hello);
  expect(listeners[0]?.to.desks).toEqual(['orders', 'returns', '-']);
  const [ear] = listeners;
  for (let i = 0; i < 5; i++) ear?.onNews({ type: 'changed', what: 'lists' });
  ear?.onNews({ type: 'changed', what: 'view', conversation: THEIRS });
  ear?.onNews({ type: 'offer.closed', desk: 'orders', offer: 7, why: 'left' });
  await console.settled();
  expect(console.frames.slice(1)).toEqual([
    { type: 'offer.closed', desk: 'orders', offer: 7, why: 'left' },
    { type: 'changed', what: 'lists' },
    { type: 'changed', what: 'floor' },
  ]);
  ear?.onGap();
  await console.settled();
  expect(console.frames.slice(4).map((frame) => ('what' in frame ? frame.what : frame.type))).toEqual([
    'offer.opened',
    'me',
    'lists',
    'floor',
  ]);
});

test('a console opens while Redis is away, and hears as soon as it is back', async () => {
  isRedisAway = true;
  const console = connect();
  await console.say(hello);
  expect(console.of('welcome')).toHaveLength(1);
  isRedisAway = false;
  for (const end = Date.now() + 5_000; listeners.length === 0 && Date.now() < end; ) await console.settled();
  await console.settled();
  expect(console.of('changed')).toMatchObject([{ what: 'me' }, { what: 'lists' }]);
});

test('a session that ended meanwhile ends the connection at the next beat; Postgres being away does not', async () => {
  const console = connect();
  await console.say(hello);
  isPostgresAway = true;
  console.session.onTick();
  await console.settled();
  expect(console.closeCode()).toBeNull();
  isPostgresAway = false;
  account = null;
  console.session.onTick();
  await console.settled();
  expect(console.closeCode()).toBe(CLOSE.unauthorized);
});
