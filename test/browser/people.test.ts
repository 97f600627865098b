import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createGateway } from '../../gateway/app.ts';
import events from '../../gateway/events.ts';
import temporal from '../../gateway/temporal.ts';
import transcripts from '../../gateway/transcripts.ts';
import { createAgents } from '../../store/agents.ts';
import { buildWeb } from '../../web/build.ts';
import { pageServer } from '../doubles/page-server.ts';
import { type Engine, startEngine } from '../engine.ts';
import { companyWithDesk, personAt } from '../people.ts';
import { says, scriptedModel } from '../scripted-model.ts';
import { say } from './sample-customer.ts';

const model = scriptedModel(({ messages }) => {
  const text = messages.at(-1)?.content ?? '';
  if (!text.startsWith('person')) return says('You said: ', text);
  return [
    { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
    { type: 'finish', reason: 'tools' },
  ];
});
const { desk, loaded } = companyWithDesk();

let engine: Engine;
let gateway: Awaited<ReturnType<typeof createGateway>>;
let url: string;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duradesk-people-'));
  await buildWeb(folder);
  engine = await startEngine({ model, loaded });
  gateway = await createGateway({
    ...{ secret: 'a secret of the tests, long enough', identitySecret: 'what the company signs with, in tests' },
    ...{ origins: [], logger: pino({ level: 'warn' }) },
    desk: { company: loaded.playbook.company.name, assistant: loaded.playbook.assistant.name },
    async backing(app) {
      // What serves files in a real gateway cannot be loaded here.
      const serve = pageServer(folder);
      app.get('/*', (request, reply) => {
        reply.hijack();
        serve(request.raw, reply.raw);
      });
      await app.register(temporal, { address: process.env.TEST_TEMPORAL_ADDRESS ?? '', namespace: 'default' });
      await app.register(events, { url: process.env.TEST_REDIS_URL ?? '' });
      await app.register(transcripts, { url: engine.database.url });
    },
  });
  await gateway.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(gateway.server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
  });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  await engine?.stop();
  await rm(folder, { recursive: true });
});

const openPage = async (): Promise<Page> => {
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  await page.locator('.message.assistant').first().waitFor();
  return page;
};
const conversationOf = async (page: Page): Promise<string> => {
  const kept = await page.evaluate<string>(`localStorage.getItem('duradesk/visitor')`);
  const { conversation }: { conversation: string } = JSON.parse(kept);
  return conversation;
};

/** All that a customer can see, top to bottom. */
const shown = async (page: Page): Promise<string> => {
  const parts = await Promise.all(
    ['#speaker', '#portrait', '#waiting', '.column', '#person'].map(async (place) =>
      (await page.locator(place).isVisible()) ? page.locator(place).allInnerTexts() : [],
    ),
  );
  return parts.join('\n---\n');
};

/** Redis has lost everything of the conversation, and the page is loaded again: it must show what it showed. */
const showsTheSame = async (page: Page, id: string): Promise<void> => {
  const before = await shown(page);
  const keys = await engine.redis.keys(`*${id}*`);
  expect(keys.length).toBeGreaterThan(0);
  await engine.redis.del(...keys);
  await page.reload();
  await page.locator('.message.customer').first().waitFor();
  // One frame holds all of it, so that nothing is still to come once a message stands.
  expect(await shown(page)).toBe(before);
};

test('one customer from the assistant to a person and back to the end, and a reload shows the same at every station', async () => {
  const ann = personAt(engine, desk, { name: 'Ann' });
  const account = { id: ann.id, name: 'Ann', role: 'agent' as const, desks: [desk], skills: [], languages: ['en'] };
  await createAgents(engine.database.db).add({ ...account, capacity: 3 }, null);
  const page = await openPage();
  const seen = (text: string) => page.getByText(text).first().waitFor();

  await say(page, 'person please');
  await page.locator('#waiting', { hasText: 'You are next in line.' }).waitFor();
  await seen('A person will take over.');
  const id = await conversationOf(page);
  await showsTheSame(page, id);

  await ann.become('online');
  await ann.accept();
  await page.locator('#speaker', { hasText: 'Ann, Test' }).waitFor();
  await page.getByRole('button', { name: 'You are talking to Ann' }).waitFor();
  await engine.events.announce(id, 2, [{ type: 'agent.typing', by: 'Ann' }]);
  await seen('Ann is typing');
  await ann.say(id, 'agent-0001', 'Hello, I am Ann.');
  await seen('Hello, I am Ann.');
  await say(page, 'my tent leaks');
  await page.locator('.customer.settled', { hasText: 'my tent leaks' }).waitFor();
  await showsTheSame(page, id);

  await ann.release(id, 'giveBack');
  await seen('Ann has left. You are talking to Tess again.');
  await say(page, 'and now?');
  await seen('You said: and now?');
  await showsTheSame(page, id);

  await say(page, 'person again');
  await ann.accept();
  await page.locator('#speaker', { hasText: 'Ann, Test' }).waitFor();
  await ann.release(id, 'resolve');
  await seen('This conversation is finished.');
  await page.getByRole('radio', { name: '5 of 5: Very good' }).check();
  await page.getByRole('button', { name: 'Send rating' }).click();
  await seen('You gave 5 of 5. Thank you!');
  await showsTheSame(page, id);
  const kept = await engine.database.db.selectFrom('ratings').selectAll().where('conversation_id', '=', id).execute();
  expect(kept).toMatchObject([{ score: 5, comment: null }]);

  await say(page, 'thank you');
  await seen('You said: thank you');
  expect(await page.getByText('This conversation is finished.').count()).toBe(0);
  expect(await page.locator('#speaker').textContent()).toBe('Tess · virtual assistant');
  await ann.become('offline');
  await page.close();
}, 180_000);

test('the button alone begins a conversation: the wish is in its history, once', async () => {
  const page = await openPage();
  await page.getByRole('button', { name: 'Talk to a person' }).click();
  const id = await conversationOf(page);
  for (const until = Date.now() + 20_000; ; ) {
    const history = await engine.client.workflow
      .getHandle(id)
      .fetchHistory()
      .catch(() => null);
    const signals = history?.events?.flatMap(
      (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
    );
    if (signals?.length) {
      expect(signals).toEqual(['personWanted']);
      break;
    }
    if (Date.now() > until) throw new Error('no signal within 20 s');
    await page.waitForTimeout(50);
  }
  await page.close();
}, 60_000);
