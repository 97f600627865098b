import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildWeb } from '../../web/build.ts';
import { sampleDay } from '../doubles/console-day.ts';
import { sampleFloor, sampleMe } from '../doubles/console-samples.ts';
import { pageServer } from '../doubles/page-server.ts';
import { type ConsoleOptions, type ScriptedConsole, startScriptedConsole } from '../doubles/scripted-console.ts';

const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The gateway's policy, which is what the page has to live with. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/**
 * The console in a browser over a scripted desk, new for every test. After each, no script may have failed, the policy must
 * not have been violated, and nothing may have been asked of another host.
 */
export const useConsolePage = () => {
  let folder: string;
  let browser: Browser;
  let desk: ScriptedConsole;
  let page: Page;
  let problems: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duradesk-console-'));
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

  afterEach(async () => {
    await page.context().close();
    await desk.stop();
    expect(problems).toEqual([]);
  });

  const watch = (): void => {
    problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      // A desk that is away, and an answer that a test asked for, are no problem of the page.
      const isExpected = /\/console\/(socket|api)/.test(message.text() + message.location().url);
      if (message.type() === 'error' && !isExpected) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(desk.url)) problems.push(`asks ${request.url()}`);
    });
  };

  return {
    page: () => page,
    desk: () => desk,
    async open(
      at = '#/',
      options: Partial<ConsoleOptions> & { signedOut?: true } = {},
      how: BrowserContextOptions = {},
    ) {
      const serve = pageServer(folder);
      desk = await startScriptedConsole({
        me: sampleMe(),
        floor: sampleFloor(),
        ...sampleDay(),
        http: (request, response) => {
          response.setHeader('content-security-policy', POLICY);
          if (request.url === '/console' || request.url === '/console/') request.url = '/console/index.html';
          serve(request, response);
        },
        ...options,
      });
      if (options.signedOut) desk.signOut();
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...how });
      page = await context.newPage();
      page.setDefaultTimeout(15_000);
      watch();
      await page.goto(`${desk.url}/console${at}`);
      await (options.signedOut ? page.getByLabel('Password') : page.locator('.connection[data-status=online]'))
        .first()
        .waitFor();
    },
    /** What was asked of the desk under this path. */
    asked: (path: string): unknown[] => desk.asked.filter((one) => one.path === path).map(({ body }) => body),
    async axeFinds(): Promise<string[]> {
      await page.evaluate(await readFile(axeSource, 'utf8'));
      const found: { violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] } =
        await page.evaluate('axe.run()');
      return found.violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary.slice(0, 250)}`),
      );
    },
  };
};
