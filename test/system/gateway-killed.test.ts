import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask, createDesk, DELAYS, type Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk({ gateways: 2, workers: 1, profile: DELAYS });
}, 120_000);
afterAll(() => desk?.close());

test('a gateway that is killed in mid-reply: the client goes on at the other one without a gap or a repeat', async () => {
  const customer = desk.customer();
  const id = await ask(customer, 'Which payment methods do you take?');
  await customer.streaming(20);
  const [gateway] = desk.rig.gateways.filter(({ url }) => url === customer.connectedTo());
  if (!gateway) throw new Error('the customer is connected to none of the gateways');
  const shown = customer.view().reply?.text ?? '';
  const killedAt = Date.now();
  await desk.rig.kill(gateway);

  const answer = await customer.answered(id);
  expect(Date.now() - killedAt).toBeLessThan(8_000);
  expect(answer?.startsWith(shown)).toBe(true);
  expect(customer.connectedTo()).not.toBe(gateway.url);
  const welcomes = desk.lines().filter((line) => line.type === 'welcome');
  expect(welcomes.map((line) => line.type === 'welcome' && line.resumed)).toEqual([false, true]);
  expect((await desk.verdict()).violations).toEqual([]);
});
