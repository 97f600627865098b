import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { type Browser, chromium } from 'playwright-core';
import { decideApproval } from '../../contracts/names.ts';
import { createActions } from '../../store/actions.ts';
import { type Rig, startRig } from '../system/rig.ts';
import { openAs, say, told } from './sample-customer.ts';

let rig: Rig;
let browser: Browser;
beforeAll(async () => {
  rig = await startRig({ profile: { firstTokenMs: 50, tokensPerSecond: 200 } });
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await rig?.close();
});

const refunds = async (): Promise<object[]> => {
  const shop = new pg.Client(rig.backing.postgres.url);
  await shop.connect();
  const { rows } = await shop.query(
    `select order_number as order, amount_cents as cents, cancelled_at is not null as cancelled from acme.refunds order by id`,
  );
  await shop.end();
  return rows;
};

test('a refund is asked for in a sentence, confirmed on a card, done by the shop, and taken back', async () => {
  const page = await openAs(browser, rig, 'cus_ada');
  await say(page, 'I want a refund of 40 euro for order 1031');
  const card = page.getByRole('region', { name: 'Refund', exact: true });
  await card.getByText('1031', { exact: true }).waitFor();
  expect(await refunds()).toEqual([]);
  await card.getByRole('button', { name: 'Confirm' }).click();
  await told(page, /Done: €40\.00 of order 1031 are being refunded/);
  await card.getByText('Done.', { exact: true }).waitFor();
  expect(await refunds()).toEqual([{ order: '1031', cents: 4_000, cancelled: false }]);

  await page.reload();
  await card.getByText('Done.', { exact: true }).waitFor();
  await say(page, 'I changed my mind, please cancel the refund');
  const undo = page.getByRole('region', { name: 'Cancel the refund' });
  await undo.getByRole('button', { name: 'Confirm' }).click();
  await told(page, /the refund of €40\.00 for order 1031 is cancelled/);
  await card.getByText('Taken back.').waitFor();
  expect(await refunds()).toEqual([{ order: '1031', cents: 4_000, cancelled: true }]);
  await page.close();
}, 90_000);

test('a large one waits for one of the team, and the customer is told when it is done', async () => {
  const page = await openAs(browser, rig, 'cus_clara');
  await say(page, 'I want a refund of 150 euro for order 1030');
  const card = page.locator('.message.card');
  await card.getByRole('button', { name: 'Confirm' }).click();
  await card.getByText('Waiting for approval by our team').waitFor();
  await told(page, /One of our team has to approve this first/);
  expect((await refunds()).length).toBe(1);

  const [waiting] = await createActions(rig.database.db).waiting();
  if (!waiting) throw new Error('nothing waits for approval');
  const client = new Client({ connection: await Connection.connect({ address: rig.sources.temporalAddress }) });
  await client.workflow.getHandle(waiting.conversationId).executeUpdate(decideApproval, {
    args: [{ action: waiting.id, argumentsHash: waiting.argumentsHash, decision: 'approve', by: 'grace' }],
  });
  await client.connection.close();
  await told(page, /Done: €150\.00 of order 1030 are being refunded/);
  expect(await refunds()).toMatchObject([{ order: '1031' }, { order: '1030', cents: 15_000 }]);
  await page.close();
}, 90_000);
