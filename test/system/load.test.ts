import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../faults/customer.ts';
import { createRandom } from '../faults/random.ts';
import { QUESTIONS } from '../faults/setting.ts';
import { createDesk, type Desk } from './desk.ts';

const CONVERSATIONS = 500;
const TURNS = 4;
/** Turns in work at the same time: enough to keep two workers busy, so few that a slow machine is not only queueing. */
const AT_ONCE = 48;

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk({ gateways: 2, workers: 2 });
}, 120_000);
afterAll(() => desk?.close(), 60_000);

test('500 conversations of 4 turns: none lost, none doubled, none out of order', async () => {
  const random = createRandom(1);
  const begun = performance.now();
  const waits: number[] = [];
  const ask = async (customer: Customer): Promise<void> => {
    await customer.connected();
    const sentAt = performance.now();
    await customer.answered(customer.send(random.pick(QUESTIONS)));
    waits.push(performance.now() - sentAt);
  };
  const customers = Array.from({ length: CONVERSATIONS }, () => desk.customer());
  for (let turn = 0; turn < TURNS; turn += 1) {
    const left = customers.values();
    const lane = async (): Promise<void> => {
      for (const customer of left) await ask(customer);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  }
  const seconds = (performance.now() - begun) / 1_000;

  const { violations, evidence } = await desk.verdict();
  const stored = evidence.flatMap(({ messages }) => messages);
  waits.sort((a, b) => a - b);
  const percentile = (share: number): number => Math.round(waits[Math.floor((waits.length - 1) * share)] ?? 0);
  console.log(
    `${CONVERSATIONS} conversations of ${TURNS} turns in ${seconds.toFixed(1)} s, ` +
      `${(waits.length / seconds).toFixed(1)} turns/s; ` +
      `whole answer p50 ${percentile(0.5)} ms, p95 ${percentile(0.95)} ms, worst ${percentile(1)} ms`,
  );
  expect(violations).toEqual([]);
  expect(stored.filter(({ author }) => author === 'customer')).toHaveLength(CONVERSATIONS * TURNS);
  expect(stored.filter(({ ended }) => ended === 'final')).toHaveLength(CONVERSATIONS * TURNS);
}, 180_000);
