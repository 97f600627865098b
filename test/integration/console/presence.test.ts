import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { pino } from 'pino';
import type { AgentChange } from '../../../contracts/desk.ts';
import { createPresence } from '../../../gateway/console/presence.ts';
import { createAgentPresence } from '../../../store/agent-presence.ts';
import { accountOf, addAgent } from '../../console.ts';
import { freshDatabase } from '../../database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
  for (const id of ['ann', 'bob']) await addAgent(database.db, accountOf(id, ['one', 'two']));
});
afterAll(() => database.close());
beforeEach(async () => {
  await sql`update agents set present = false, status = 'online', told = seq`.execute(database.db);
});

/** A node with a clock of its own. What it tells the desks is in `told`, shared by all nodes of a test. */
const nodeWith = (told: [string, AgentChange][], isAway = () => false) => {
  const clock = { now: 0 };
  const statuses = createAgentPresence(database.db);
  const presence = createPresence({
    statuses,
    commands: {
      async agentChanged(desk, change) {
        if (isAway()) throw new Error('Temporal is away');
        told.push([desk, change]);
      },
    },
    log: pino({ level: 'silent' }),
    now: () => clock.now,
  });
  return {
    ...presence,
    clock,
    /** Rounds every ten seconds, so that it counts as steady. */
    async steady() {
      for (let i = 0; i < 4; i++) {
        clock.now += 10_000;
        await presence.round();
      }
    },
  };
};

/** Thirty seconds pass for everybody whom nobody renews. */
const longAgo = (...ids: string[]) =>
  sql`update agents set seen_until = now() - interval '1 second' where id = any(${ids}::text[])`.execute(database.db);
const lastOf = (told: [string, AgentChange][], agent: string) =>
  told.filter(([, change]) => change.agent.id === agent).map(([desk, { status }]) => `${desk} ${status}`);

test('who opens a console is what they chose at all of their desks; gone for too long they are offline, once', async () => {
  const told: [string, AgentChange][] = [];
  const [one, two] = [nodeWith(told), nodeWith(told)];
  await one.arrive('ann');
  expect(lastOf(told, 'ann').sort()).toEqual(['one online', 'two online']);
  await one.arrive('ann');
  await one.leave('ann');
  await one.leave('ann');
  await Promise.all([one.steady(), two.steady()]);
  expect(told).toHaveLength(2);
  await longAgo('ann');
  await Promise.all([one.round(), two.round(), one.round(), two.round()]);
  expect(new Set(lastOf(told.slice(2), 'ann'))).toEqual(new Set(['one offline', 'two offline']));
  expect(new Set(told.slice(2).map(([, { seq }]) => seq)).size).toBe(1);
  told.length = 0;
  await two.arrive('ann');
  expect(lastOf(told, 'ann').sort()).toEqual(['one online', 'two online']);
});

test('a node that died leaves nobody online; one that is open elsewhere stays', async () => {
  const told: [string, AgentChange][] = [];
  const [dead, alive] = [nodeWith(told), nodeWith(told)];
  await Promise.all([dead.arrive('ann'), dead.arrive('bob'), alive.arrive('bob')]);
  told.length = 0;
  await alive.steady();
  await longAgo('ann', 'bob');
  await alive.round();
  expect(lastOf(told, 'ann').sort()).toEqual(['one offline', 'two offline']);
  expect(lastOf(told, 'bob')).toEqual([]);
});

test('after Postgres was away for long nobody is thrown out before all nodes had time to say who is there', async () => {
  const told: [string, AgentChange][] = [];
  const [one, two] = [nodeWith(told), nodeWith(told)];
  await Promise.all([one.arrive('ann'), two.arrive('bob')]);
  await Promise.all([one.steady(), two.steady()]);
  await longAgo('ann', 'bob');
  for (const node of [one, two]) node.clock.now += 120_000;
  told.length = 0;
  await one.round();
  await two.round();
  expect(told).toEqual([]);
  await one.leave('ann');
  await longAgo('ann');
  for (let i = 0; i < 4; i++) {
    two.clock.now += 10_000;
    await two.round();
  }
  expect(lastOf(told, 'ann').sort()).toEqual(['one offline', 'two offline']);
});

test('what the desks could not be told is told later, by any node, and the later change wins', async () => {
  const told: [string, AgentChange][] = [];
  let isAway = true;
  const [one, two] = [nodeWith(told, () => isAway), nodeWith(told, () => isAway)];
  await one.arrive('ann');
  const statuses = createAgentPresence(database.db);
  expect(await statuses.choose('ann', 'busy')).toBe(true);
  await expect(one.tell('ann')).rejects.toThrow('away');
  await two.round();
  expect(told).toEqual([]);
  isAway = false;
  await two.round();
  expect(lastOf(told, 'ann').sort()).toEqual(['one busy', 'two busy']);
  await one.round();
  expect(told).toHaveLength(2);
  expect(await statuses.choose('nobody', 'busy')).toBe(false);
});

test('somebody who left the company is offline whatever they chose', async () => {
  const told: [string, AgentChange][] = [];
  const node = nodeWith(told);
  await node.arrive('bob');
  await sql`update agents set active = false, seq = seq + 1 where id = 'bob'`.execute(database.db);
  await node.round();
  expect(told.at(-1)?.[1].status).toBe('offline');
});
