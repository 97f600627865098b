import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAgentSessions } from '../../../store/agent-sessions.ts';
import { createAgents } from '../../../store/agents.ts';
import { browserAt, type ConsoleNode, PASSWORD } from '../../console.ts';
import { type Rig, startRig } from './rig.ts';

let rig: Rig;
let node: ConsoleNode;
beforeAll(async () => {
  rig = await startRig();
  node = await rig.node();
});
afterAll(async () => {
  await node.app.close();
  await rig.database.close();
});

test('a session is a cookie that no script, no other site and no other path of it can use; signing out ends it', async () => {
  const browser = browserAt(node.origin);
  expect((await browser.get('sign-in')).body).toEqual({ company: 'Test', openId: null });
  const entered = await browser.post('sign-in', { id: 'ann', password: PASSWORD });
  expect([entered.status, entered.body]).toEqual([204, null]);
  expect(entered.headers.get('set-cookie')).toMatch(/^duradesk-agent=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  await browser.signIn('ann');
  expect((await browser.get('me')).headers.get('cache-control')).toBe('no-store');
  const copy = browserAt(node.origin, browser.cookie);
  expect((await browser.post('sign-out')).status).toBe(204);
  expect((await copy.get('me')).status).toBe(401);
  expect(await rig.audit('agent.signed-out')).toMatchObject([{ actor: 'agent:ann', subject: 'ann' }]);
  expect((await rig.audit('agent.signed-in')).at(-1)).toMatchObject({ subject: 'ann', detail: { how: 'password' } });
});

test('behind https the cookie is for this host and https alone', async () => {
  const secure = await rig.node({ publicUrl: 'https://desk.example' });
  try {
    const origin = 'https://desk.example';
    const entered = await browserAt(secure.origin).call(
      'POST',
      'sign-in',
      { id: 'ann', password: PASSWORD },
      { origin },
    );
    expect(entered.headers.get('set-cookie')).toMatch(
      /^__Host-duradesk-agent=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await browserAt(secure.origin).post('sign-in', { id: 'ann', password: PASSWORD })).status).toBe(403);
  } finally {
    await secure.app.close();
  }
});

test('whatever is wrong is answered in the same words, and every attempt is in the audit', async () => {
  const browser = browserAt(node.origin);
  await createAgents(rig.db).add(
    { id: 'oid', name: 'Oid', role: 'agent', desks: ['x'], skills: [], languages: ['en'], capacity: 1 },
    null,
  );
  const answers = await Promise.all(
    [
      { id: 'ann', password: 'not the password' },
      { id: 'nobody', password: PASSWORD },
      { id: 'oid', password: PASSWORD },
      { id: 'ann', password: 'short' },
      { id: 'ann', password: PASSWORD, more: 1 },
      { id: "ann' or 1=1 --", password: PASSWORD },
      { id: ['ann'], password: PASSWORD },
      [],
    ].map((body) => browser.post('sign-in', body)),
  );
  for (const { status, body } of answers) expect([status, body]).toEqual([401, { error: 'id or password is wrong' }]);
  expect((await rig.audit('agent.refused')).map(({ subject }) => subject).sort()).toEqual(['ann', 'nobody', 'oid']);
});

test('sessions that are forged, expired, of who left or of before a new password are nobody’s', async () => {
  const refused = async (cookie: string) => (await browserAt(node.origin, cookie).get('me')).status;
  for (const value of ['', 'x', 'A'.repeat(43), `${'A'.repeat(43)}\u00e9`.normalize('NFD').slice(0, 43), '%00', '"'])
    expect([value, await refused(`duradesk-agent=${value}`)]).toEqual([value, 401]);
  const expired = await createAgentSessions(rig.db, () => Date.now() - 13 * 3_600_000).open('ann');
  expect(await refused(`duradesk-agent=${expired}`)).toBe(401);
  const bob = await browserAt(node.origin).signIn('bob');
  expect(await refused(bob.cookie)).toBe(200);
  await createAgents(rig.db).setActive('bob', false);
  expect(await refused(bob.cookie)).toBe(401);
  await createAgents(rig.db).setActive('bob', true);
  await createAgents(rig.db).setPassword('bob', PASSWORD);
  expect(await refused(bob.cookie)).toBe(401);
  expect(await refused('')).toBe(401);
});

test('who guesses is slowed down, per id and per address', async () => {
  const other = await rig.node();
  try {
    const browser = browserAt(other.origin);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++)
      statuses.push((await browser.post('sign-in', { id: 'eve', password: `wrong password ${i}` })).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toContain(429);
    const more = await Promise.all(Array.from({ length: 80 }, () => browser.post('sign-in', {})));
    expect(more.filter(({ status }) => status === 429).length).toBeGreaterThan(15);
    // The right agent of another id at another node is not concerned.
    expect((await browserAt(node.origin).signIn('ann')).cookie).toMatch(/=/);
  } finally {
    await other.app.close();
  }
}, 30_000);
