import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Browser, chromium, type Page } from 'playwright-core';
import { seedAcme } from '../../local/acme/seed.ts';
import { addSampleCustomers } from '../../local/sample-customers.ts';
import { accountOf, addAgent, PASSWORD } from '../console.ts';
import { type Rig, startRig } from '../system/rig.ts';
import { openAs, say, told } from './sample-customer.ts';

/** The sample company, open at any hour, with offers that ring for 6 s and no time for notes. */
const alwaysOpen = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'duradesk-story-'));
  cpSync('local/acme/knowledge', join(folder, 'knowledge'), { recursive: true });
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const hours = ['hours:', '  week:', ...days.map((day) => `    ${day}: ["00:00-24:00"]`), '', 'sla:'].join('\n');
  const tsx = pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href;
  const playbook = readFileSync('local/acme/playbook.yaml', 'utf8')
    .replace(/^hours:\n[\s\S]*?^sla:/m, hours)
    .replaceAll('wrapUp: 30s', 'ring: 6s')
    .replace('args: [--import, tsx, mcp.ts]', `args: [--import, "${tsx}", ${resolve('local/acme/mcp.ts')}]`);
  writeFileSync(join(folder, 'playbook.yaml'), playbook);
  return folder;
};

let folder: string;
let rig: Rig;
let browser: Browser;
beforeAll(async () => {
  folder = alwaysOpen();
  const seed = async (databaseUrl: string) => {
    await seedAcme({ databaseUrl });
    await addSampleCustomers(databaseUrl);
  };
  rig = await startRig({ playbook: folder, seed, profile: { firstTokenMs: 50, tokensPerSecond: 200 } });
  for (const name of ['Maya', 'Jonas'])
    await addAgent(rig.database.db, accountOf(name.toLowerCase(), ['orders', 'returns'], { name }));
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await rig?.close();
  rmSync(folder, { recursive: true, force: true });
});

const origin = (): string => rig.gateways[0]?.url ?? '';

const consoleOf = async (id: string): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${origin()}/console/`);
  await page.getByLabel('Name').fill(id);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.connection[data-status=online]').waitFor();
  return page;
};

const goOnline = async (page: Page): Promise<void> => {
  await page.locator('body').press('1');
  await page.getByRole('button', { name: 'Your status: Online' }).waitFor();
};

const reply = async (page: Page, text: string): Promise<void> => {
  await page.getByLabel('Reply to the customer').fill(text);
  await page.keyboard.press('Enter');
};

/** Single keys are commands while nobody writes. */
const press = async (page: Page, key: string): Promise<void> => {
  await page.locator('.log').focus();
  await page.keyboard.press(key);
};

test('one customer, the assistant and two agents, from the first question to the rating', async () => {
  const [maya, jonas] = [await consoleOf('maya'), await consoleOf('jonas')];
  const clara = await openAs(browser, rig, 'cus_clara');
  await goOnline(maya);

  await say(clara, 'Where is my order 1030?');
  await told(clara, /1030/);
  await clara.locator('.message.assistant').nth(1).waitFor();
  await say(clara, 'I want a refund of 150 euro for order 1030');
  const card = clara.locator('.message.card');
  await card.getByRole('button', { name: 'Confirm' }).click();
  await card.getByText('Waiting for approval by our team').waitFor();

  // She gets angry. Maya is offered it, and does not look.
  await say(clara, 'This is horrible, you are a scam, the worst shop I ever had to deal with!');
  await told(clara, 'I am handing you over to one of our team');
  await maya.locator('.offer').waitFor();
  await goOnline(jonas);
  await jonas.locator('.offer').waitFor();
  await maya.locator('.offer').waitFor({ state: 'detached' });

  await jonas.keyboard.press('Alt+a');
  await jonas.getByText('With you').waitFor();
  await told(clara, 'Jonas');
  for (const text of ['Where is my order 1030?', 'This is horrible'])
    await jonas.locator('.bubble', { hasText: text }).first().waitFor();
  await jonas.getByText('Upset').first().waitFor();
  await jonas.locator('#thread-title', { hasText: 'Clara Vogt' }).waitFor();
  const assistants = await clara.locator('.message.assistant').count();

  await reply(jonas, 'I am sorry, Clara. I take care of it now.');
  await told(clara, 'I am sorry, Clara. I take care of it now.');
  await say(clara, 'And my refund?');
  await jonas.locator('.bubble', { hasText: 'And my refund?' }).waitFor();

  await jonas.getByRole('button', { name: 'Approve', exact: true }).click();
  await card.getByText('Done.', { exact: true }).waitFor();
  expect(await clara.locator('.message.assistant').count()).toBe(assistants);
  const { db } = rig.database;
  const effects = await db.selectFrom('effects').select(['state', 'conversation_id']).execute();
  expect(effects.map(({ state }) => state)).toEqual(['done']);
  const id = effects[0]?.conversation_id ?? '';

  await press(jonas, 'b');
  await jonas.getByRole('button', { name: 'Give back', exact: true }).click();
  await told(clara, 'Jonas has left.');
  await say(clara, 'How long does delivery to Portugal take?');
  await clara.locator('.message.assistant').nth(assistants).waitFor();

  await clara.getByRole('button', { name: 'Talk to a person' }).click();
  await jonas.locator('.offer').waitFor();
  await jonas.keyboard.press('Alt+a');
  await jonas.getByText('With you').waitFor();
  await reply(jonas, 'All is settled. Goodbye!');
  await told(clara, 'All is settled. Goodbye!');
  await press(jonas, 'e');
  await jonas.getByLabel('Solved').waitFor();
  await jonas.keyboard.press('Control+Enter');
  await told(clara, 'This conversation is finished.');
  await clara.getByRole('radio', { name: '5 of 5: Very good' }).check();
  await clara.getByRole('button', { name: 'Send rating' }).click();
  await told(clara, 'You gave 5 of 5. Thank you!');

  const row = await db
    .selectFrom('conversations')
    .select(['status', 'outcome'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ status: 'resolved', outcome: 'agent' });
  expect(await db.selectFrom('ratings').select('score').execute()).toEqual([{ score: 5 }]);
  const notes = async () => (await sql<{ key: string }>`select key from customer_notes`.execute(db)).rows;
  const tickets = () => db.selectFrom('conversation_tickets').select(['conversation_id', 'status']).execute();
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    if ((await notes()).length > 0 && (await tickets()).every(({ status }) => status === 'solved')) break;
    await clara.waitForTimeout(100);
  }
  expect(await notes()).toMatchObject([{ key: expect.stringContaining(id) }]);
  expect(await tickets()).toEqual([{ conversation_id: id, status: 'solved' }]);
}, 240_000);
