import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { flushAll } from '../faults/injections/redis-forgets.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import { ask, createDesk, DELAYS, type Desk } from './desk.ts';

let redis: TestRedis;
let desk: Desk;
beforeAll(async () => {
  redis = await startRedis();
  desk = await createDesk({ redis: redis.url, profile: DELAYS });
}, 120_000);
afterAll(async () => {
  await desk?.close();
  await redis?.stop();
});

test('Redis is flushed in mid-reply: a snapshot in place of what cannot be proven, and then the whole reply', async () => {
  const customer = desk.customer();
  const id = await ask(customer, 'Which payment methods do you take?');
  await customer.streaming(20);
  await flushAll(redis.url);
  // Back with a position that nobody can vouch for any more.
  customer.cut();

  expect(await customer.answered(id)).not.toBeNull();
  const since = desk.lines().slice(desk.lines().findIndex(({ type }) => type === 'closed'));
  expect(since.find(({ type }) => type === 'hello')).toMatchObject({ position: { seq: expect.any(Number) } });
  expect(since.find(({ type }) => type === 'welcome')).toMatchObject({ resumed: false });
  expect(since.map(({ type }) => type)).toContain('snapshot');
  expect((await desk.verdict()).violations).toEqual([]);
});
