import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { enter, isFree, pause, takeFree } from '../../contracts/model-queue/rig.ts';
import { startRedis, type TestRedis } from '../../redis.ts';
import { connectQueues } from './model-queues.ts';

let server: TestRedis;
let rig: Awaited<ReturnType<typeof connectQueues>>;
beforeEach(async () => {
  server = await startRedis();
});
afterEach(async () => {
  rig.close();
  await server.stop();
});

const three = async (concurrency: number) => {
  rig = await connectQueues(server.url, { concurrency });
  const [one, two, other] = rig.queues;
  if (!one || !two || !other) throw new Error('three queues were made');
  return [one, two, other] as const;
};

test('the places of a process that died come free within 16 s, and its calls that wait get none', async () => {
  const [dead, alive] = await three(2);
  const begun = performance.now();
  await takeFree(dead);
  await takeFree(dead);
  const end = new AbortController();
  const ghosts = [1, 2].map(() => enter(dead, { share: 'ghost', withinMs: 60_000 }, end.signal));
  await pause(50);
  const [process] = rig.processes;
  // No word more from it: what SIGKILL leaves.
  dead.close();
  process?.commands.disconnect();
  process?.subscriber.disconnect();
  const places = await Promise.all([1, 2].map(() => enter(alive, { share: 'anna', withinMs: 30_000 })));
  const seconds = (performance.now() - begun) / 1_000;
  console.log(`two places of a dead process were free after ${seconds.toFixed(1)} s`);
  expect(places).not.toContain(null);
  expect(seconds).toBeLessThan(16.5);
  end.abort();
  await Promise.allSettled(ghosts);
}, 40_000);

test('calls under way are counted again within 1.5 s of a flush, and those that wait go on waiting', async () => {
  const [one, two, other] = await three(2);
  const first = await takeFree(one);
  await takeFree(two);
  const waiting = enter(other);
  await pause(20);
  await rig.admin.flushall();
  await pause(1_500);
  expect(await isFree(one)).toBe(false);
  first.leave({ result: 'ok' });
  expect(await waiting).not.toBeNull();
  expect(await isFree(two)).toBe(false);
});

test('a place whose publication is lost is noticed by the timer of its process', async () => {
  const [one, two] = await three(1);
  const first = await takeFree(one);
  const waiting = enter(two);
  await pause(20);
  const channels = await rig.admin.pubsub('CHANNELS', '*:grants:*');
  expect(channels).toHaveLength(3);
  for (const { subscriber } of rig.processes)
    for (const channel of channels) await subscriber.unsubscribe(String(channel));
  first.leave({ result: 'ok' });
  const begun = performance.now();
  expect(await waiting).not.toBeNull();
  expect(performance.now() - begun).toBeLessThan(1_500);
});

test('without Redis each process goes on with its part, also for those that waited, and is counted when Redis is back', async () => {
  const [one, two, other] = await three(6);
  await pause(50);
  expect(await isFree(other)).toBe(true);
  const under = await Promise.all(Array.from({ length: 6 }, () => takeFree(one)));
  const waited = enter(two);
  await pause(20);
  await server.kill();
  const begun = performance.now();
  expect(await waited).not.toBeNull();
  console.log(`who waited when Redis died was let on after ${Math.round(performance.now() - begun)} ms`);
  // Its part is two of six, and it has one.
  await takeFree(two);
  expect(await enter(two, { withinMs: 50 })).toBeNull();
  await Promise.all([takeFree(other), takeFree(other)]);
  expect(await enter(other, { withinMs: 50 })).toBeNull();
  expect(rig.away.length).toBeGreaterThan(0);
  for (const place of under.slice(0, 4)) place.leave({ result: 'ok' });
  await server.restartEmpty();
  await rig.reconnected();
  await pause(2_000);
  // Two of the first, two and two of the others: all six are known.
  expect(await isFree(one)).toBe(false);
  under[4]?.leave({ result: 'ok' });
  await pause(50);
  expect(await isFree(two)).toBe(true);
}, 30_000);

test('a Redis that hangs half-open holds a call up for 4 s at most', async () => {
  const [one] = await three(6);
  await takeFree(one);
  server.freeze();
  const begun = performance.now();
  const place = await enter(one, { withinMs: 20_000 });
  const seconds = (performance.now() - begun) / 1_000;
  server.thaw();
  console.log(`a call that met a frozen Redis was let on after ${seconds.toFixed(1)} s`);
  expect(place).not.toBeNull();
  expect(seconds).toBeLessThan(4.5);
}, 30_000);
