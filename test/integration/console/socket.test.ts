import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { createOffers } from '../../../store/offers.ts';
import { createAgentChannel } from '../../../stream/agent-channel.ts';
import { connectCommands, ready } from '../../../stream/connection.ts';
import { createEventWriter } from '../../../stream/writer.ts';
import { browserAt, type Console, type ConsoleNode, openConsole } from '../../console.ts';
import { newId, type Rig, startRig } from './rig.ts';

let rig: Rig;
let node: ConsoleNode;
let other: ConsoleNode;
const redis = connectCommands(process.env.TEST_REDIS_URL ?? '', () => {});
const open: Console[] = [];
beforeAll(async () => {
  await ready(redis);
  rig = await startRig();
  [node, other] = await Promise.all([rig.node(), rig.node()]);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.end()));
});
afterAll(async () => {
  await Promise.all([node.app.close(), other.app.close()]);
  redis.disconnect();
  await rig.database.close();
});

const cookies = new Map<string, string>();
/** Signed in once: a session is good at every node, and attempts are few. */
const browserOf = async (id: string, at = node) => {
  const cookie = cookies.get(id) ?? (await browserAt(node.origin).signIn(id)).cookie;
  cookies.set(id, cookie);
  return browserAt(at.origin, cookie);
};
const consoleOf = async (id: string, at = node) => {
  const console = await (await browserOf(id, at)).socket();
  open.push(console);
  return console;
};
const channel = createAgentChannel(redis);
const writer = createEventWriter(redis);

/** A log as a worker leaves it, with one message. */
const spoken = async (id: string, text: string, turn = 1, term = 1) => {
  const at = new Date().toISOString();
  const message = { id: `c:message-${turn}`, author: 'customer' as const, turn, text, at };
  await writer.open(id, { term, turn }, { once: [{ type: 'message.added', message }], always: () => [] });
};

test('no page of another site can open a socket with an agent’s cookie, and nobody can without one', async () => {
  const { cookie } = await browserOf('ann');
  const plain = await fetch(`${node.origin}/console/socket`, { headers: { cookie, origin: node.origin } });
  expect(plain.status).toBe(404);
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]) {
    const refused = await openConsole(node.origin, cookie, headers);
    expect([headers, refused.socket.readyState, refused.frames]).toEqual([headers, 3, []]);
  }
  for (const cookie of ['', 'duradesk-agent=', `duradesk-agent=${'A'.repeat(43)}`]) {
    const nobody = await openConsole(node.origin, cookie);
    nobody.send({ type: 'hello', protocol: 1 });
    expect([cookie, await nobody.closed()]).toEqual([cookie, CLOSE.unauthorized]);
    expect(nobody.frames).toEqual([]);
  }
});

test('what is no frame, comes before hello, is too big, binary or too much ends the connection', async () => {
  const ended = async (send: (console: Console) => void) => {
    const console = await consoleOf('ann');
    send(console);
    return console.closed();
  };
  const id = newId();
  expect(await ended((console) => console.send('{'))).toBe(CLOSE.protocol);
  expect(await ended((console) => console.send({ type: 'welcome' }))).toBe(CLOSE.protocol);
  expect(await ended((console) => console.send({ type: 'watch', conversation: id }))).toBe(CLOSE.protocol);
  expect(await ended((console) => console.send({ type: 'hello', protocol: 2 }))).toBe(CLOSE.protocol);
  expect(await ended((console) => console.send({ type: 'hello', protocol: 1, token: 'x' }))).toBe(CLOSE.protocol);
  expect(await ended((console) => console.send('x'.repeat(70_000)))).toBe(CLOSE.tooBig);
  expect(await ended((console) => console.socket.send(Buffer.from('{}')))).toBe(CLOSE.unsupported);
  const flood = await consoleOf('ann');
  await flood.hello();
  for (let i = 0; i < 400; i++) flood.send({ type: 'unwatch', conversation: id });
  expect(await flood.closed()).toBe(CLOSE.tooMany);
});

test('the welcome has the offers that ring; news reach every window of the agent on any node, and nobody else', async () => {
  const id = await rig.conversation({ heldBy: 'waiting', desk: rig.desk });
  const offer = { desk: rig.desk, offer: 1, agent: 'ann', conversationId: id, term: 1, reason: 'asked' };
  await createOffers(rig.db).open({ ...offer, until: Date.now() + 60_000 });
  const [one, two, bob] = await Promise.all([consoleOf('ann'), consoleOf('ann', other), consoleOf('bob')]);
  const [welcome] = await Promise.all([one.hello(), two.hello(), bob.hello()]);
  expect(welcome).toMatchObject({ agent: { id: 'ann' }, offers: [{ offer: 1, conversationId: id }] });
  expect(Math.abs(welcome.now - Date.now())).toBeLessThan(5_000);
  await channel.publish('ann', { type: 'offer.closed', desk: rig.desk, offer: 1, why: 'declined' });
  for (const console of [one, two]) expect(await console.frame('offer.closed')).toMatchObject({ offer: 1 });
  await channel.publishToDesk(rig.desk, { type: 'changed', what: 'lists' });
  for (const console of [one, two, bob]) expect(await console.frame('changed')).toMatchObject({ what: 'lists' });
  expect(bob.of('offer.closed')).toEqual([]);
  expect([...one.of('changed'), ...bob.of('changed')].filter(({ what }) => what === 'floor')).toEqual([]);
  await channel.publish('ann', { type: 'unheard of' });
  expect(await one.frame('changed', ({ what }) => what === 'me')).toBeDefined();
});

test('what may not be seen cannot be watched, and looks like what does not exist; twenty at once', async () => {
  const foreign = await rig.conversation({ heldBy: 'waiting', desk: rig.elsewhere });
  const closed = await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk, status: 'closed' });
  const console = await consoleOf('ann');
  await console.hello();
  for (const id of [foreign, closed, newId()]) {
    console.send({ type: 'watch', conversation: id });
    const { conversation: _, ...error } = await console.frame('error', ({ conversation }) => conversation === id);
    expect(error).toEqual({ type: 'error', code: 'not_found', message: 'no such conversation' });
    await spoken(id, 'a secret');
    console.send({ type: 'typing', conversation: id });
  }
  const mine: string[] = [];
  for (let i = 0; i < 21; i++) mine.push(await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk }));
  for (const [i, conversation] of mine.entries()) {
    if (i === 10) await new Promise((resolve) => setTimeout(resolve, 1_000));
    console.send({ type: 'watch', conversation });
  }
  await console.frame('error', ({ code, conversation }) => code === 'rate_limited' && conversation === mine[20]);
  await console.until('20 snapshots', () => console.of('snapshot').length === 20);
  expect(JSON.stringify(console.frames)).not.toContain('a secret');
}, 30_000);

test('a watched conversation resumes at a position, and is a snapshot where that cannot be proven', async () => {
  const id = await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk });
  await spoken(id, 'one');
  const browser = await browserOf('ann');
  const { position } = (await browser.get(`conversations/${id}`)).body;
  expect(position).toMatchObject({ generation: expect.any(String) });
  const console = await consoleOf('ann', other);
  await console.hello();
  console.send({ type: 'watch', conversation: id, position });
  expect(await console.frame('watching')).toMatchObject({ conversation: id, resumed: true });
  await spoken(id, 'two', 2);
  const texts = () =>
    console
      .of('events')
      .flatMap(({ events }) =>
        events.flatMap(({ event }) => (event.type === 'message.added' ? [event.message.text] : [])),
      );
  await console.until('both', () => texts().includes('two'));
  expect(texts()).toEqual(['one', 'two']);
  for (const position of [{ generation: 'another-one', seq: 1 }, { generation: 'x', seq: -1 }, 'x', { seq: 1e9 }]) {
    console.send({ type: 'unwatch', conversation: id });
    const from = console.frames.length;
    console.send({ type: 'watch', conversation: id, position });
    await console.until('not resumed', () =>
      console.frames.slice(from).some((frame) => frame.type === 'watching' && !frame.resumed),
    );
    await console.until('snapshot', () => console.frames.slice(from).some(({ type }) => type === 'snapshot'));
  }
  console.send({ type: 'unwatch', conversation: id });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = console.of('events').length;
  await spoken(id, 'three', 3);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(console.of('events').length).toBe(before);
});

test('viewers come, write and go on any node; only who has it is seen typing by the customer', async () => {
  const id = await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk });
  await spoken(id, 'hello');
  const [ann, sue] = await Promise.all([consoleOf('ann'), consoleOf('sue', other)]);
  await Promise.all([ann.hello(), sue.hello()]);
  ann.send({ type: 'watch', conversation: id });
  sue.send({ type: 'watch', conversation: id });
  await ann.frame('presence', ({ viewers }) => viewers.some(({ id, name }) => id === 'sue' && name === 'Sue'));
  sue.send({ type: 'typing', conversation: id });
  await ann.frame('presence', ({ viewers }) => viewers.some(({ id, typing }) => id === 'sue' && typing));
  for (let i = 0; i < 3; i++) ann.send({ type: 'typing', conversation: id });
  const typing = () =>
    sue.of('events').flatMap(({ events }) => events.filter(({ event }) => event.type === 'agent.typing'));
  await sue.until('typing', () => typing().length > 0);
  expect(typing().map(({ event }) => event)).toEqual([{ type: 'agent.typing', by: 'Ann' }]);
  await sue.end();
  await ann.until('gone', () => ann.of('presence').at(-1)?.viewers.length === 0);
});

test('whoever a dead node leaves behind is gone within 16 s', async () => {
  const id = await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk });
  const [time = 0] = await redis.time();
  // As a node that died a moment after it had renewed what it has open.
  await redis.zadd(`{${id}}:viewers`, Number(time) * 1_000 + 12_000, JSON.stringify(['dead', 'eve', 'Eve']));
  const ann = await consoleOf('ann');
  await ann.hello();
  const began = Date.now();
  ann.send({ type: 'watch', conversation: id });
  await ann.frame('presence', ({ viewers }) => viewers.some(({ id }) => id === 'eve'));
  await ann.until('gone', () => ann.of('presence').at(-1)?.viewers.length === 0, 20_000);
  expect(Date.now() - began).toBeLessThan(17_000);
}, 40_000);

test('signing out, leaving the company and a new password end the sockets as well; Redis flushed ends none', async () => {
  const slow = await rig.node({ limits: { heartbeatMs: 200 } });
  try {
    const browser = await browserAt(slow.origin).signIn('bob');
    const console = await browser.socket();
    open.push(console);
    await console.hello();
    await redis.flushall();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(console.socket.readyState).toBe(1);
    await browser.post('sign-out');
    expect(await console.closed()).toBe(CLOSE.unauthorized);
  } finally {
    await slow.app.close();
  }
});

test('a node that leaves says goodbye', async () => {
  const leaving = await rig.node();
  const console = await consoleOf('ann', leaving);
  await console.hello();
  const closed = leaving.app.close();
  expect(await console.frame('bye')).toMatchObject({ reconnectAfterMs: expect.any(Number) });
  expect(await console.closed()).toBe(CLOSE.restart);
  await closed;
});
