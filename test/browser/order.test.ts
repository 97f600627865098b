import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { type Browser, chromium } from 'playwright-core';
import { customers } from '../../local/acme/customers.ts';
import { identityOf } from '../../local/identity.ts';
import { type Rig, startRig } from '../system/rig.ts';

let rig: Rig;
let browser: Browser;
beforeAll(async () => {
  rig = await startRig({ profile: { firstTokenMs: 100, tokensPerSecond: 80 } });
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
});
afterAll(async () => {
  await browser?.close();
  await rig?.close();
});

test('a signed-in customer asks for an order, and reads its true state as it streams', async () => {
  const ada = customers.find(({ id }) => id === 'cus_ada');
  if (!ada) throw new Error('the sample company has lost Ada');
  const [gateway] = rig.gateways;
  const page = await browser.newPage();
  const lengths = new Set<number>();
  await page.exposeFunction('shown', (length: number) => lengths.add(length));
  await page.goto(`${gateway?.url}/#identity=${await identityOf(ada, rig.identitySecret)}`);
  await page.getByText(`Signed in as ${ada.name}`).waitFor();
  expect(page.url()).not.toContain('identity');
  await page.evaluate(`new MutationObserver(() => shown(document.querySelector('[role=log]').textContent.length))
    .observe(document.querySelector('[role=log]'), { subtree: true, childList: true, characterData: true })`);
  await page.fill('#text', 'Where is my order 1042?');
  await page.keyboard.press('Enter');
  await page
    .getByRole('log')
    .getByText(/Order 1042 is on its way\..*€388\.00/s)
    .waitFor({ timeout: 20_000 });
  expect(lengths.size).toBeGreaterThan(5);

  const client = new Client({ connection: await Connection.connect({ address: rig.sources.temporalAddress }) });
  const id = await conversationOf(rig);
  const description = await client.workflow.getHandle(id).describe();
  expect(description).toMatchObject({ type: 'conversation', status: { name: 'RUNNING' } });
  const { events } = await client.workflow.getHandle(id).fetchHistory();
  expect(events?.filter((event) => event.workflowTaskCompletedEventAttributes)).toHaveLength(1);
  await client.connection.close();

  const ui = process.env.TEST_TEMPORAL_UI;
  if (!ui) return;
  await page.goto(`${ui}/namespaces/default/workflows/${id}`);
  await page.getByText('Running', { exact: true }).first().waitFor({ timeout: 20_000 });
  await page.getByText(id).first().waitFor();
});

/** The one conversation of this rig's database. */
const conversationOf = async ({ database }: Rig): Promise<string> => {
  const { id } = await database.db.selectFrom('conversations').select('id').executeTakeFirstOrThrow();
  return id;
};
