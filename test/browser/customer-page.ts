import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildWeb } from '../../web/build.ts';
import { pageServer } from '../doubles/page-server.ts';
import type { Script } from '../doubles/scripted-conversation.ts';
import { type ScriptedGateway, startScriptedGateway } from '../doubles/scripted-gateway.ts';

export const identitySecret = 'a secret of the company, long enough';

/** A moment that a test decides: a script waits for `come`, the test lets it come. */
export const createMoment = () => {
  let comes = (): void => {};
  const come = new Promise<void>((resolve) => {
    comes = resolve;
  });
  return { come, comes: () => comes() };
};

const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/**
 * The page in a browser over a scripted gateway, new for every test. After each, no script may have failed, the console
 * must be clean, and nothing may have been asked of another host.
 */
export const useCustomerPage = () => {
  let folder: string;
  let browser: Browser;
  let gateway: ScriptedGateway;
  let page: Page;
  let script: Script = () => [];
  let problems: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duradesk-page-'));
    await buildWeb(folder);
    browser = await chromium.launch({
      executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: flags.split(' '),
    });
  });

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    script = (question) => [{ say: `You said: ${question}` }];
    gateway = await startScriptedGateway({
      script: (question) => script(question),
      identitySecret,
      http: pageServer(folder),
    });
  });

  afterEach(async () => {
    await page.context().close();
    await gateway.stop();
    expect(problems).toEqual([]);
  });

  /** An attempt on a gateway that is away is no problem of the page. */
  const watch = (): void => {
    problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('/v1/socket')) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(gateway.url)) problems.push(`asks ${request.url()}`);
    });
  };

  return {
    page: () => page,
    gateway: () => gateway,
    /** Every answer from here on. */
    answers(how: Script): void {
      script = how;
    },
    async open(options: BrowserContextOptions = {}): Promise<void> {
      const context = await browser.newContext(options);
      page = await context.newPage();
      page.setDefaultTimeout(15_000);
      watch();
      await page.goto(gateway.url);
      await page.locator('.message.assistant').first().waitFor();
    },
    async say(text: string): Promise<void> {
      await page.fill('#text', text);
      await page.keyboard.press('Enter');
    },
    answered: (count: number): Promise<void> =>
      page
        .locator('.message.assistant.settled')
        .nth(count - 1)
        .waitFor(),
    bubbles: (): Promise<string[]> => page.locator('.message:is(.customer, .settled) .bubble').allInnerTexts(),
    /** The gateway cannot be reached any more, and the page has noticed. */
    async goAway(): Promise<void> {
      gateway.setReachable(false);
      gateway.breakLinks();
      await page.locator('#banner:not([hidden])').waitFor();
    },
    /** The gateway is there again, and the browser says so: no test waits for a pause to end. */
    async comeBack(): Promise<void> {
      gateway.setReachable(true);
      await page.evaluate('dispatchEvent(new Event("online"))');
    },
    async axeFinds(): Promise<string[]> {
      await page.evaluate(await readFile(axeSource, 'utf8'));
      const found: { violations: { id: string; nodes: { html: string }[] }[] } = await page.evaluate('axe.run()');
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    },
  };
};
