import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { addSearchAttributes } from '../../cli/search-attributes.ts';
import { launcherConfig, readConfig } from '../../config.ts';
import * as names from '../../contracts/names.ts';
import { attributesAtStart } from '../../contracts/search-attributes.ts';
import { startGateway, startModel, startWorker } from '../../local/desk.ts';
import type { Fault } from '../../local/model/faults.ts';
import { openSite } from '../../local/site.ts';
import { playbookOf, prepareStore } from '../../local/stack.ts';
import type { Database } from '../../store/database.ts';
import { freshDatabase } from '../database.ts';
import { freshNamespace } from '../namespace.ts';

const fromSetup = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run through npm test, which provisions the services`);
  return value;
};

/** Replies that stream at the same moment. */
const AT_A_TIME = 12;
const REPLY_WITHIN_MS = 60_000;

const send = (client: Client, conversationId: string, clientMessageId: string) => {
  const start = { conversationId, owner: 'visitor:0123456789012345678901', channel: 'web' } as const;
  return client.workflow.signalWithStart(names.conversation, {
    workflowId: conversationId,
    taskQueue: names.conversationQueue,
    workflowTaskTimeout: '5 seconds',
    typedSearchAttributes: attributesAtStart(start),
    args: [start],
    signal: names.customerMessage,
    signalArgs: [{ clientMessageId, text: 'How long does delivery take?', at: new Date().toISOString() }],
  });
};

const replied = async (db: Database, conversationId: string, key: string) => {
  for (const until = Date.now() + REPLY_WITHIN_MS; Date.now() < until; await pause(100)) {
    const { rows } = await sql`
      select from messages said join messages reply using (conversation_id, turn)
      where said.conversation_id = ${conversationId} and said.id = ${`c:${key}`} and reply.author = 'assistant'`.execute(
      db,
    );
    if (rows.length > 0) return;
  }
  throw new Error(`${key} of ${conversationId} has no reply after ${REPLY_WITHIN_MS} ms`);
};

/** Workers as real processes in a namespace and on a database of their own, and customers who talk to them. */
export const startDeployment = async (customers: number, env: Record<string, string> = {}) => {
  const temporal = await freshNamespace(fromSetup('TEST_TEMPORAL_ADDRESS'));
  await addSearchAttributes(temporal.connection, temporal.namespace);
  const database = await freshDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'duradesk-deployment-'));
  chmodSync(dataDir, 0o711);
  const config = readConfig(launcherConfig, { PATH: process.env.PATH, TEMPORAL_NAMESPACE: temporal.namespace });
  const site = await openSite({ dataDir, config, fast: true });
  process.on('exit', site.kill);
  const given = (name: string, url: string) => ({ name, source: 'environment' as const, detail: 'given', url });
  const address = fromSetup('TEST_TEMPORAL_ADDRESS');
  const backing = {
    temporal: { ...given('Temporal', address), ui: null },
    postgres: given('Postgres', database.url),
    redis: given('Redis', fromSetup('TEST_REDIS_URL')),
  };
  await prepareStore(site, database.url);
  const model = await startModel(site);
  const put = async (path: string, body: object) => {
    const answer = await fetch(new URL(`/admin/${path}`, model.url), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the local model refused ${path}: ${answer.status} ${await answer.text()}`);
  };
  // Half a second of streaming, so that there is always a reply in the middle.
  await put('profile', { firstTokenMs: 200, tokensPerSecond: 150, jitter: 0.5, seed: 1 });
  Object.assign(process.env, env);
  const ids = Array.from({ length: customers }, () => `cnv_${randomBytes(32).toString('base64url')}`);
  let workers = 0;

  return {
    ids,
    client: temporal.client,
    settings: { ...env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: temporal.namespace, PATH: process.env.PATH },

    /** Where every process writes its log. */
    logs: join(dataDir, 'logs'),

    faults: (faults: Fault[]) => put('faults', faults),

    startGateway: (bundle: string) => startGateway(site, { backing, playbook: playbookOf(site), bundle }, 'gateway'),

    startWorker(bundle: string) {
      workers += 1;
      return startWorker(site, { backing, playbook: playbookOf(site), bundle }, model, `worker-${workers}`);
    },

    stop: ({ child }: Awaited<ReturnType<typeof startWorker>>) => site.processes.stop(child),

    /**
     * Every customer says one more thing, `AT_A_TIME` of them at any moment, and waits for the reply. Calls `onHalf` when half of
     * them have theirs.
     */
    async say(key: string, onHalf = () => {}) {
      let answered = 0;
      const queue = [...ids];
      const customer = async () => {
        for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
          await send(temporal.client, id, key);
          await replied(database.db, id, key);
          answered += 1;
          if (answered === Math.floor(ids.length / 2)) onHalf();
        }
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, customer));
    },

    /** Everything that was said, by Postgres. */
    async transcript(): Promise<string> {
      const { rows } = await sql<{ text: string }>`select text from messages`.execute(database.db);
      return rows.map(({ text }) => text).join('\n');
    },

    /** Messages of customers, by Postgres. */
    async said(): Promise<number> {
      const { rows } = await sql<{ count: string }>`
        select count(*) as count from messages where author = 'customer'`.execute(database.db);
      return Number(rows[0]?.count);
    },

    /** How turns ended, and how many, by Postgres. */
    async ends() {
      const { rows } = await sql<{ ended: string; turns: string; replies: string }>`
        select turns.ended, count(distinct (turns.conversation_id, turns.turn)) as turns, count(messages.id) as replies
        from turns left join messages on messages.conversation_id = turns.conversation_id
          and messages.turn = turns.turn and messages.author = 'assistant'
        group by turns.ended`.execute(database.db);
      return rows.map(({ ended, turns, replies }) => ({ ended, isOneReplyEach: turns === replies }));
    },

    /** Workflow tasks that failed, in words, and the builds that completed one. */
    async tasks() {
      const failed: string[] = [];
      const builds = new Set<string>();
      for (const id of ids) {
        const { events } = await temporal.client.workflow.getHandle(id).fetchHistory();
        for (const event of events ?? []) {
          const { workflowTaskFailedEventAttributes: failure, workflowTaskCompletedEventAttributes: done } = event;
          if (failure) failed.push(`${id}: ${failure.failure?.message}`);
          if (done) builds.add(done.deploymentVersion?.buildId ?? done.workerVersion?.buildId ?? '');
        }
      }
      return { failed, builds };
    },

    async close() {
      for (const name of Object.keys(env)) delete process.env[name];
      await site.close();
      process.off('exit', site.kill);
      await temporal.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
