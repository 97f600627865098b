import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRandom } from '../faults/random.ts';
import { QUESTIONS } from '../faults/setting.ts';
import { createDesk, type Desk } from './desk.ts';

const CONVERSATIONS = 500;
const TURNS = 4;
/** How long a customer reads before the next question, milliseconds at most. */
const READING = 25_000;

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk({ gateways: 2, workers: 2 });
}, 120_000);
afterAll(() => desk?.close(), 60_000);

test('500 conversations of 4 turns: none lost, none doubled, none out of order', async () => {
  const random = createRandom(1);
  const customers = Array.from({ length: CONVERSATIONS }, () => desk.customer());
  const begun = performance.now();
  const waits: number[] = [];
  const converse = async (customer: (typeof customers)[number], own = random.fork(customer.name)): Promise<void> => {
    await customer.connected(60_000);
    for (let turn = 0; turn < TURNS; turn += 1) {
      await pause(own.int(0, READING));
      const sentAt = performance.now();
      await customer.answered(customer.send(own.pick(QUESTIONS)), 60_000);
      waits.push(performance.now() - sentAt);
    }
  };
  await Promise.all(customers.map((customer) => converse(customer)));
  const seconds = (performance.now() - begun) / 1_000;

  const { violations, evidence } = await desk.verdict();
  const stored = evidence.flatMap(({ messages }) => messages);
  waits.sort((a, b) => a - b);
  const percentile = (share: number): number => Math.round(waits[Math.floor(waits.length * share)] ?? 0);
  console.log(
    `${CONVERSATIONS} conversations of ${TURNS} turns in ${seconds.toFixed(1)} s, ${(waits.length / seconds).toFixed(1)} turns/s; ` +
      `whole answer p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms, worst ${percentile(0.9999)} ms`,
  );
  expect(violations).toEqual([]);
  expect(stored.filter(({ author }) => author === 'customer')).toHaveLength(CONVERSATIONS * TURNS);
  expect(stored.filter(({ author, ended }) => author === 'assistant' && ended === 'final')).toHaveLength(
    CONVERSATIONS * TURNS,
  );
}, 180_000);
