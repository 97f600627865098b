import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, createDesk, DELAYS, type Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk({ gateways: 1, workers: 2, profile: DELAYS });
}, 120_000);
afterAll(() => desk?.close());

test('a worker that is killed in mid-reply: the whole reply once, as in Postgres, within 8 s', async () => {
  const customer = desk.customer();
  const id = await ask(customer, 'How long does a refund take?');
  await customer.streaming(20);
  const conversation = await customer.connected();
  const name = await desk.rig.workerOf(conversation);
  const worker = desk.rig.workers.find(({ child }) => child.name === name);
  if (!worker) throw new Error(`no worker is called ${name}`);
  // Said while nobody listens: it must not get lost with the worker.
  const second = customer.send('Do gift cards expire?');
  const killedAt = Date.now();
  await desk.rig.kill(worker);

  const answer = await customer.answered(id, 10_000);
  const tookMs = Date.now() - killedAt;
  expect(await customer.answered(second, 10_000)).not.toBeNull();
  expect(tookMs).toBeLessThan(8_000);
  const { violations, evidence } = await desk.verdict();
  expect(evidence[0]?.messages.filter(({ author }) => author === 'assistant')[0]?.text).toBe(answer);
  expect(violations).toEqual([]);
});

test('a worker that is asked to leave says its reply to the end, and is gone', async () => {
  const customer = desk.customer();
  const asked = await ask(customer, 'How do I return something?');
  await customer.streaming(20);
  const name = await desk.rig.workerOf(await customer.connected());
  const worker = desk.rig.workers.find(({ child }) => child.name === name);
  if (!worker) throw new Error(`${name} answers and does not run`);
  await desk.rig.stop(worker);
  expect(worker.child.ended()).toBe('exit code 0');
  await customer.answered(asked);
  const conversation = await customer.connected();
  const { violations, evidence } = await desk.verdict();
  expect(evidence.find((one) => one.conversation === conversation)?.turns).toMatchObject([
    { attempt: 1, ended: 'final' },
  ]);
  expect(violations).toEqual([]);
});
