import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AgentAccount } from '../../../contracts/agents.ts';
import { createAgentSessions } from '../../../store/agent-sessions.ts';
import { createAgents } from '../../../store/agents.ts';
import { freshDatabase } from '../../database.ts';

const ann: AgentAccount = {
  ...{ id: 'ann@shop.example', name: 'Ann', role: 'agent', desks: ['orders'] },
  ...{ skills: [], languages: ['en'], capacity: 3 },
};
const PASSWORD = 'correct horse battery';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

test('somebody is added once, signs in with their password alone, and it is kept as an argon2id hash', async () => {
  const agents = createAgents(database.db);
  expect([await agents.add(ann, PASSWORD), await agents.add({ ...ann, role: 'admin' }, 'another password')]).toEqual([
    true,
    false,
  ]);
  expect(await agents.verify(ann.id, PASSWORD)).toEqual(ann);
  expect(await agents.verify(ann.id, `${PASSWORD} `)).toBeNull();
  expect(await agents.verify('nobody', PASSWORD)).toBeNull();
  const { password } = await database.db.selectFrom('agents').select('password').executeTakeFirstOrThrow();
  expect(password).toMatch(/^\$argon2id\$v=19\$m=65536,/);
});

test('nobody learns from the time it takes whether there is an account of that name', async () => {
  const agents = createAgents(database.db);
  const time = async (id: string) => {
    const began = performance.now();
    await agents.verify(id, 'not the password');
    return performance.now() - began;
  };
  await time('warm up');
  const [known, unknown] = [[], []] as [number[], number[]];
  for (let i = 0; i < 5; i++) {
    known.push(await time(ann.id));
    unknown.push(await time('nobody'));
  }
  expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
});

test('a session is found by its token until it ends, runs out, or its agent leaves or changes the password', async () => {
  const agents = createAgents(database.db);
  let now = Date.now();
  const sessions = createAgentSessions(database.db, () => now);
  const tokens = [await sessions.open(ann.id), await sessions.open(ann.id)];
  const found = () => Promise.all(tokens.map(async (token) => (await sessions.find(token))?.id));
  expect(await found()).toEqual([ann.id, ann.id]);
  expect(await sessions.find('made up')).toBeNull();
  await sessions.end(tokens[0] ?? '');
  expect(await found()).toEqual([undefined, ann.id]);
  now += 7 * 3_600_000;
  await found();
  now += 7 * 3_600_000;
  expect(await found()).toEqual([undefined, ann.id]);
  await agents.setActive(ann.id, false);
  expect([await found(), await agents.verify(ann.id, PASSWORD)]).toEqual([[undefined, undefined], null]);
  await agents.setActive(ann.id, true);
  expect(await found()).toEqual([undefined, ann.id]);
  await agents.setPassword(ann.id, 'a new and longer one');
  expect(await found()).toEqual([undefined, undefined]);
  const kept = await database.db.selectFrom('agent_sessions').selectAll().execute();
  expect(kept).toEqual([]);
  now += 24 * 3_600_000;
});
