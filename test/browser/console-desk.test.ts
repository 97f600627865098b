import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { ModelPart } from '../../integrations/model.ts';
import { buildWeb } from '../../web/build.ts';
import { accountOf, addAgent, type ConsoleNode, PASSWORD, startConsoleNode } from '../console.ts';
import { type Engine, startEngine } from '../engine.ts';
import { companyWithDesk } from '../people.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const asksForPerson: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];
const model = scriptedModel(({ messages }) => {
  const text = messages.at(-1)?.content ?? '';
  return text.startsWith('person') ? asksForPerson : says('You said: ', text);
});

const { desk, loaded } = companyWithDesk();
const [ann, sue] = [`ann-${desk}`, `sue-${desk}`];
let folder: string;
let browser: Browser;
let engine: Engine;
let node: ConsoleNode;
const problems: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duradesk-console-'));
  await buildWeb(folder);
  engine = await startEngine({ model, loaded });
  node = await startConsoleNode({ databaseUrl: engine.database.url, loaded });
  await addAgent(engine.database.db, accountOf(ann, [desk], { name: 'Ann Aasen' }));
  await addAgent(engine.database.db, accountOf(sue, [desk], { name: 'Sue Sand', role: 'supervisor' }));
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      // A page whose files the test hands out counts as one from elsewhere, which may not open a socket to this machine.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
});

afterAll(async () => {
  await browser.close();
  await node.app.close();
  await engine.stop();
  await rm(folder, { recursive: true });
});

/** The page's files come from the build, since jest cannot load what serves them; everything else from the gateway. */
const newPage = async (): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.route(
    ({ pathname }) => /^\/console(\/|\/assets\/.*)?$/.test(pathname),
    (route) => {
      const name = new URL(route.request().url()).pathname.replace(/^\/console\/?/, '') || 'index.html';
      return route.fulfill({ path: join(folder, 'console', name) });
    },
  );
  return context.newPage();
};

/** The console as this person has it, signed in by its form. */
const consoleOf = async (id: string): Promise<Page> => {
  const page = await newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url.includes('/console/api')) problems.push(message.text());
  });
  await page.goto(`${node.origin}/console`);
  await page.getByLabel('Name').fill(id);
  await page.locator('input[type=password]').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('.connection[data-status=online]').waitFor();
  return page;
};

test('over the real desk: an agent accepts by a key, answers, leaves a note and resolves; a supervisor sees it', async () => {
  const [annsPage, suesPage] = [await consoleOf(ann), await consoleOf(sue)];
  await annsPage.locator('body').press('1');
  await annsPage.getByRole('button', { name: 'Your status: Online' }).waitFor();

  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'person please');
  await annsPage.locator('.offer').waitFor();
  await annsPage.keyboard.press('Alt+a');
  await annsPage.getByText('With you').waitFor();
  expect(annsPage.url()).toContain(id);
  expect(await annsPage.locator('.bubble').allInnerTexts()).toEqual(['person please', 'A person will take over.']);

  await suesPage.goto(`${node.origin}/console/#/c/${id}`);
  await suesPage.getByText('With Ann Aasen').waitFor();
  await annsPage.locator('.log').focus();
  await annsPage.keyboard.press('r');
  await annsPage.keyboard.type('Hello, I am Ann.');
  await suesPage.getByText('Ann Aasen is writing…').waitFor();
  await annsPage.keyboard.press('Enter');
  const said = suesPage.locator('.bubble-row[data-author=agent]:not([data-pending])');
  await said.filter({ hasText: 'Hello, I am Ann.' }).waitFor();
  await engine.send(id, 'message-2', 'thank you');
  await annsPage.locator('.bubble', { hasText: 'thank you' }).waitFor();

  await suesPage.locator('.log').focus();
  await suesPage.keyboard.press('n');
  await suesPage.keyboard.type('Well done.');
  await suesPage.keyboard.press('Enter');
  await annsPage.locator('.note', { hasText: 'by Sue Sand' }).filter({ hasText: 'Well done.' }).waitFor();

  await suesPage.goto(`${node.origin}/console/#/floor`);
  await suesPage.locator('.desk-card tr', { hasText: 'Ann Aasen' }).getByText('1 of 3').waitFor();

  await annsPage.locator('.log').focus();
  await annsPage.keyboard.press('e');
  await annsPage.getByLabel('Solved').waitFor();
  await annsPage.keyboard.press('Control+Enter');
  await annsPage.getByText('Choose a conversation').or(annsPage.getByText('All quiet')).waitFor();
  await suesPage.locator('.desk-card tr', { hasText: 'Ann Aasen' }).getByText('0 of 3').waitFor();
  expect(problems).toEqual([]);
}, 120_000);

test('whoever is not signed in sees the way in, and a wrong password is said without a word more', async () => {
  const page = await newPage();
  await page.goto(`${node.origin}/console/#/floor`);
  await page.getByLabel('Name').fill(ann);
  await page.locator('input[type=password]').fill('not her password at all');
  await page.keyboard.press('Enter');
  await page.getByText('This name and password do not go together.').waitFor();
  expect(await page.locator('.header').count()).toBe(0);
});
