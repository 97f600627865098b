import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { identityOf } from '../../local/identity.ts';
import { ask, createDesk, type Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk();
}, 120_000);
afterAll(() => desk?.close());

const ada = () => desk.customer(() => identityOf({ id: 'cus_ada', name: 'Ada' }, desk.rig.identitySecret));

/** What the shop's own table says of order 1042. */
const order = async (change?: string): Promise<{ status: string; tracking: string }> => {
  const shop = new pg.Client(desk.rig.backing.postgres.url);
  await shop.connect();
  if (change !== undefined) await shop.query(change);
  const { rows } = await shop.query('select status, tracking from acme.orders where number = $1', ['1042']);
  await shop.end();
  return rows[0];
};

test('where an order is comes from the shop through a tool, and changes with it', async () => {
  const { tracking } = await order();
  const customer = ada();
  expect(await customer.answered(await ask(customer, 'Where is my order 1042?'))).toContain(tracking);
  expect(customer.view().tools).toMatchObject([{ name: 'get_order', status: 'done' }]);

  await order(`update acme.orders set tracking = 'NLP 77 00 00 77' where number = '1042'`);
  expect(await customer.answered(customer.send('Where is my order 1042 now?'))).toContain('NLP 77 00 00 77');
  const { violations, evidence } = await desk.verdict();
  expect(evidence.flatMap(({ steps }) => steps)).toMatchObject([
    { turn: 1, name: 'get_order' },
    { turn: 2, name: 'get_order' },
  ]);
  expect(violations).toEqual([]);
});

test('a plain turn costs one workflow task', async () => {
  const customer = desk.customer();
  await customer.answered(await ask(customer, 'Do gift cards expire?'));
  await customer.answered(customer.send('How do I care for my tent?'));
  const conversation = await customer.connected();
  const { evidence } = await desk.verdict();
  expect(evidence.find((one) => one.conversation === conversation)).toMatchObject({ tasks: 2, failures: [] });
});

test('somebody who is not signed in is told nothing of an order', async () => {
  const { tracking } = await order();
  const customer = desk.customer();
  const answer = await customer.answered(await ask(customer, 'Where is my order 1042?'));
  expect(answer).not.toContain(tracking);
});
