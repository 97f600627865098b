import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { settings } from '../../config.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { startLocalModel } from '../../local/model/server.ts';
import { createConversations } from '../../store/conversations.ts';
import { pendingMigrations } from '../../store/migrate.ts';
import { createTurns } from '../../store/turns.ts';
import { createWebhookEvents } from '../../store/webhook-events.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { freshDatabase } from '../database.ts';
import { type Engine, startEngine } from '../engine.ts';
import { startHubSpot } from '../fakes/hubspot.ts';
import { freshNamespace } from '../namespace.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const root = resolve(import.meta.dirname, '../..');
const { TEST_TEMPORAL_ADDRESS = '', TEST_REDIS_URL = '', PATH = '' } = process.env;

/** As an operator runs it, with these settings and no others. */
const duradesk = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string; err: string }>((done) => {
    const command = ['--import', 'tsx', join(root, 'cli/main.ts'), ...args];
    execFile(process.execPath, command, { cwd: root, env: { PATH, ...env } }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

const folder = mkdtempSync(join(tmpdir(), 'duradesk-cli-'));
let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Port 1 is nobody's. */
const away = {
  DATABASE_URL: 'postgres://desk:sEcReT@127.0.0.1:1/desk',
  REDIS_URL: 'redis://:sEcReT@127.0.0.1:1',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
  OPENAI_API_KEY: 'sEcReT',
  DESK_PLAYBOOK: join(root, 'local/acme'),
};

test('migrate brings an empty database and a new namespace up to date, and has nothing to do the second time', async () => {
  const temporal = await freshNamespace(TEST_TEMPORAL_ADDRESS);
  await sql`drop schema public cascade`.execute(database.db);
  await sql`create schema public`.execute(database.db);
  try {
    const env = { ...away, DATABASE_URL: database.url, TEMPORAL_ADDRESS: TEST_TEMPORAL_ADDRESS };
    const args = ['migrate', '--json'];
    const first = await duradesk(args, { ...env, TEMPORAL_NAMESPACE: temporal.namespace });
    expect(first.code).toBe(0);
    const { schema, searchAttributes: added } = JSON.parse(first.out);
    expect(schema.length).toBeGreaterThan(1);
    expect(added).toEqual(Object.values(searchAttributes).map(({ name }) => name));
    expect(await pendingMigrations(database.url)).toEqual([]);
    const second = await duradesk(args, { ...env, TEMPORAL_NAMESPACE: temporal.namespace });
    expect(second).toEqual({ code: 0, out: '{"schema":[],"searchAttributes":[]}\n', err: '' });
  } finally {
    await temporal.close();
  }
});

test('knowledge sync indexes the playbook once', async () => {
  const env = { DATABASE_URL: database.url, DESK_PLAYBOOK: join(root, 'local/acme') };
  expect(await duradesk(['knowledge', 'sync'], env)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^indexed \d+ articles/),
  });
  expect((await duradesk(['knowledge', 'sync'], env)).out).toMatch(/^the index is at version \w{16} already\n$/);
});

test('answers are listed, pinned and cleared, and gaps are listed, by their ids and words alone', async () => {
  const env = { DATABASE_URL: database.url };
  expect(await duradesk(['answers', 'list'], env)).toEqual({ code: 0, out: 'no answer is kept\n', err: '' });
  expect(await duradesk(['answers', 'pin', '--id', '7'], env)).toMatchObject({
    code: 1,
    out: 'there is no answer 7\n',
  });
  expect(await duradesk(['answers', 'pin', '--id', 'seven'], env)).toMatchObject({ code: 2 });
  expect((await duradesk(['knowledge', 'gaps', '--days', '7'], env)).out).toBe(
    'everything that was asked in the last 7 days had an answer\n',
  );
  expect(await duradesk(['knowledge', 'gaps', '--days', '0'], env)).toMatchObject({ code: 2 });

  const conversationId = 'cnv_of_the_cli';
  const at = new Date().toISOString();
  const claim = { conversationId, term: 0, turn: 1, generation: 'g', attempt: 1 };
  const key = { audience: 'visitor', language: 'en en', intent: 'returns', exact: 'how', gist: 'how' } as const;
  await createConversations(database.db).open({ conversationId, owner: 'customer:ada', channel: 'web' }, 'v1');
  const turns = createTurns(database.db);
  await turns.claim(claim, [{ id: 'c:message-1', author: 'customer', turn: 1, text: 'Kayaks?\n\u001b[31m', at }], 0);
  await turns.finish(
    claim,
    { id: 'a:1', text: 'No.', end: 'final', sources: [], at },
    {
      restsOn: 'nothing',
      unanswered: true,
      keep: {
        ...key,
        settings: 's',
        embedder: null,
        keepMs: 1,
        question: 'How?',
        vector: null,
        text: 'So.',
        sources: [],
        passages: [],
      },
    },
  );
  const gaps = await duradesk(['knowledge', 'gaps'], env);
  expect(gaps.out).toMatch(/^ {3}1 × {2}\d{4}-\d\d-\d\d {2}– {2}Kayaks\? \[31m\n$/);
  const [kept] = JSON.parse((await duradesk(['answers', 'list', '--json'], env)).out);
  expect(kept).toMatchObject({ question: 'How?', text: 'So.', pinned: false, stale: false, served: 0 });
  expect((await duradesk(['answers', 'pin', '--id', kept.id], env)).out).toBe(`pinned ${kept.id}\n`);
  expect((await duradesk(['answers', 'clear'], env)).out).toBe('forgot 0 answers\n');
  expect((await duradesk(['answers', 'list'], env)).out).toContain('pinned served 0 ×  visitor, en en, returns');
  expect((await duradesk(['answers', 'unpin', '--id', kept.id], env)).out).toBe(`unpinned ${kept.id}\n`);
});

describe('replay', () => {
  let engine: Engine;
  let id: string;
  beforeAll(async () => {
    engine = await startEngine({ model: scriptedModel(() => says('Yes.')), loaded: testPlaybook() });
    id = engine.newConversation();
    await engine.send(id, 'message-1', 'Is it so?');
    await engine.ended(id, 1);
    await engine.settled(id, 1);
  });
  afterAll(() => engine.stop());
  const env = { TEMPORAL_ADDRESS: TEST_TEMPORAL_ADDRESS };
  const args = ['replay', '--since', '1h', '--limit', '1'];

  test('finds that this code goes on with what runs in the cluster', async () => {
    expect(await duradesk(args, env)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1 histories are replayed by this workflow code \(build [0-9a-f]{16}\)\n$/),
    });
  });

  test('refuses code that does not, with the workflow id and the command to run', async () => {
    const broken = join(folder, 'broken.js');
    writeFileSync(broken, (await bundleWorkflows()).replaceAll('.openConversation(', '.resolveConversation('));
    const refused = await duradesk(args, { ...env, DESK_WORKFLOW_BUNDLE: broken });
    expect(refused.code).toBe(1);
    expect(refused.out).toContain(id);
    expect(refused.out).toContain('duradesk replay --since 1h');
    const json = await duradesk([...args, '--json'], { ...env, DESK_WORKFLOW_BUNDLE: broken });
    expect(JSON.parse(json.out)).toMatchObject({ broken: [id] });
  });

  test('doctor finds nothing wrong where everything is there', async () => {
    const model = await startLocalModel({});
    const all = { ...away, ...env, DATABASE_URL: database.url, REDIS_URL: TEST_REDIS_URL, OPENAI_BASE_URL: model.url };
    const found = await duradesk(['doctor', '--json'], all);
    await model.stop();
    expect(JSON.parse(found.out)).toEqual(
      ['playbook', 'postgres', 'redis', 'temporal', 'workers', 'model', 'crm', 'ticketing', 'tools'].map((name) => ({
        name,
        ok: true,
        detail: expect.any(String),
      })),
    );
    expect(found.code).toBe(0);
  });
});

describe('doctor', () => {
  test('says of everything that is away what it is and what to do, and no secret', async () => {
    const found = await duradesk(['doctor'], away);
    expect(found.code).toBe(1);
    expect(found.out).toMatch(/^ok +playbook +Fernhill Outfitters, \d+ articles/m);
    expect(found.out).toMatch(/^WRONG {2}postgres +DATABASE_URL cannot be used/m);
    expect(found.out).toMatch(/^WRONG {2}redis +.*REDIS_URL/m);
    expect(found.out).toMatch(/^WRONG {2}temporal +.*TEMPORAL_ADDRESS/m);
    expect(found.out).toMatch(/^WRONG {2}model +.*OPENAI_BASE_URL/m);
    expect(`${found.out}${found.err}`).not.toContain('sEcReT');
  });

  test("says of the company's own systems whether they answer, and to what they do not", async () => {
    const hubspot = await startHubSpot();
    const env = {
      ...away,
      DESK_OUTBOUND_ALLOW: '127.0.0.1',
      DESK_CRM: 'hubspot',
      DESK_CRM_CUSTOMER_ID: 'customer_id',
      DESK_HUBSPOT_URL: hubspot.url,
      DESK_TICKETING: 'zendesk',
    };
    const [good, wrong] = await Promise.all([
      duradesk(['doctor'], { ...env, DESK_HUBSPOT_TOKEN: hubspot.accessToken }),
      duradesk(['doctor'], { ...env, DESK_TICKETING: 'built-in', DESK_HUBSPOT_TOKEN: 'sEcReT' }),
    ]);
    await hubspot.close();
    expect(good.out).toMatch(/^ok +crm +hubspot answers$/m);
    expect(good.out).toMatch(/^ok +tools +shop answer$/m);
    expect(good.out).toMatch(/^WRONG {2}ticketing +.*DESK_ZENDESK_URL is not set: DESK_TICKETING=zendesk needs it/m);
    expect(wrong.out).toMatch(/^WRONG {2}crm +HubSpot refused the request \(401.*check its credentials/m);
    expect(wrong.out).toMatch(/^WRONG {2}ticketing +the built-in tickets cannot reach Postgres/m);
    expect(`${wrong.out}${wrong.err}`).not.toContain('sEcReT');
  });

  test('without settings says which are missing', async () => {
    const refused = await duradesk(['doctor']);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('DATABASE_URL is not set');
  });
});

test('webhooks lists dead letters and puts them back on their way', async () => {
  const env = { DATABASE_URL: database.url };
  const events = createWebhookEvents(database.db);
  const conversationId = `cnv_${'a'.repeat(43)}`;
  await events.announceTo('https://company.example/hook');
  const start = { conversationId, owner: 'customer:ada', channel: 'web' } as const;
  await createConversations(database.db).open(start, 'test-playbook-01');
  expect((await duradesk(['webhooks', 'list'], env)).out).toBe('none\n');
  expect((await duradesk(['webhooks', 'list', '--all'], env)).out).toContain('waiting after 0');
  const taken = await events.take(60_000);
  await events.failed(taken?.id ?? '', '503', null);
  const listed = await duradesk(['webhooks', 'list', '--json'], env);
  const [dead] = JSON.parse(listed.out);
  expect(dead).toMatchObject({
    type: 'conversation.opened',
    conversationId,
    attempts: 1,
    dead: true,
    lastError: '503',
  });
  const other = await duradesk(['webhooks', 'replay', '--id', '00000000-0000-4000-8000-000000000000'], env);
  expect(other).toMatchObject({ code: 1, out: '0 events are on their way again\n' });
  expect((await duradesk(['webhooks', 'replay', '--id', dead.id], env)).out).toBe('1 event is on its way again\n');
  expect((await events.take(60_000))?.id).toBe(dead.id);
  expect((await duradesk(['webhooks', 'replay', '--id', "1' or '1"], env)).code).toBe(2);
});

test('config lists every setting with its meaning, and no value', async () => {
  const { code, out } = await duradesk(['config', '--explain'], away);
  expect(code).toBe(0);
  for (const { name, meaning } of settings()) {
    expect(meaning).not.toBe('');
    expect(out).toContain(`${meaning}\n`);
    expect(out).toMatch(new RegExp(`^${name} +${name in away || name === 'PATH' ? 'set' : 'not set'}$`, 'm'));
  }
  expect(out).not.toContain('sEcReT');
});

test('a wrong call is told from a finding by its exit code', async () => {
  for (const args of [['replay', '--since', 'yesterday'], ['replay', '--limit', '0'], ['no-such-command']])
    expect((await duradesk(args)).code).toBe(2);
});
