import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { launcherConfig, readConfig } from '../../config.ts';
import type { Backing } from '../../local/backing.ts';
import { type DeskParts, type DeskProcess, identitySecret, startGateway, startWorker } from '../../local/desk.ts';
import type { Capacity, Usage } from '../../local/model/capacity.ts';
import type { Fault } from '../../local/model/faults.ts';
import { INSTANT, type Profile } from '../../local/model/profile.ts';
import type { Service } from '../../local/services/service.ts';
import { openSite } from '../../local/site.ts';
import { startDesk } from '../../local/stack.ts';
import { freshDatabase } from '../database.ts';
import { bundleWorker } from './worker-bundle.ts';

export type RigOptions = {
  gateways?: number;
  workers?: number;
  /** Servers of the test's own, in place of those of the run. */
  temporal?: string;
  redis?: string;
  postgres?: string;
  /** `host:port` by which the processes reach Postgres, where it is not the server's own. */
  postgresAt?: string;
  /** Where the gateways find Temporal, when it is not where the workers do. */
  gatewaysTemporal?: string;
  /** Workers are started from one file, in a third of the time: for tests that start very many. */
  quickWorkers?: true;
  /** Another playbook's folder than the sample company's. */
  playbook?: string;
  /** What that playbook's tools need in the database. */
  seed?: (databaseUrl: string) => Promise<void>;
  profile?: Partial<Profile>;
  /** Settings of the desk's processes. */
  env?: Record<string, string>;
};

/** Enough for every customer of a load test behind one address. */
const CONNECTIONS = '10000';

/**
 * A desk of real processes for tests, on a database of its own: the gateways, the workers and the local model of `npm start`,
 * and what it takes to be rough with them. `close` ends them.
 */
export const startRig = async (options: RigOptions = {}) => {
  const { gateways = 1, workers = 1, profile, env = {} } = options;
  Object.assign(process.env, env);
  process.env.DESK_CONNECTIONS_PER_ADDRESS = CONNECTIONS;
  process.env.LOG_LEVEL ??= 'warn';
  const dataDir = mkdtempSync(join(tmpdir(), 'duradesk-rig-'));
  chmodSync(dataDir, 0o711);
  const config = readConfig(launcherConfig, { PATH: process.env.PATH, DESK_PLAYBOOK: options.playbook });
  const site = await openSite({ dataDir, config, fast: true });
  process.on('exit', site.kill);
  const database = await freshDatabase(options.postgres);
  await options.seed?.(database.url);
  const backing: Backing = {
    temporal: { ...given('Temporal', options.temporal ?? fromSetup('TEST_TEMPORAL_ADDRESS')), ui: null },
    postgres: given('Postgres', at(database.url, options.postgresAt)),
    redis: given('Redis', options.redis ?? fromSetup('TEST_REDIS_URL')),
  };

  const ofGateways: Backing = {
    ...backing,
    temporal: { ...backing.temporal, url: options.gatewaysTemporal ?? backing.temporal.url },
  };

  const client = new Client({ connection: await Connection.connect({ address: backing.temporal.url }) });

  const close = async (): Promise<void> => {
    for (const name of Object.keys(env)) delete process.env[name];
    await client.connection.close();
    await site.close();
    process.off('exit', site.kill);
    await database.close();
    rmSync(dataDir, { recursive: true, force: true });
  };

  try {
    const worker = options.quickWorkers && (await bundleWorker());
    const desk = await startDesk(site, backing, { gateways, workers }, ofGateways, worker);
    const model = createModelControls(desk.model.url);
    await model.profile({ ...INSTANT, ...profile });
    const running = { gateways: [...desk.gateways], workers: [...desk.workers] };
    const counts = { gateways, workers };

    const start = async (kind: 'gateways' | 'workers', parts: DeskParts): Promise<DeskProcess> => {
      counts[kind] += 1;
      const name = `${kind.slice(0, -1)}-${counts[kind]}`;
      const started = await againIfPortIsTaken(() =>
        kind === 'gateways' ? startGateway(site, parts, name) : startWorker(site, parts, desk.model, name),
      );
      running[kind].push(started);
      return started;
    };

    return {
      backing,
      database,
      model,
      identitySecret: identitySecret(site),
      /** What the desk itself recorded can be read here. */
      sources: { databaseUrl: database.url, temporalAddress: backing.temporal.url },
      /** The name of the worker that has the conversation's workflow task, or had it last. */
      async workerOf(conversation: string): Promise<string | undefined> {
        const { events } = await client.workflow.getHandle(conversation).fetchHistory();
        const started = events?.findLast((event) => event.workflowTaskStartedEventAttributes);
        return started?.workflowTaskStartedEventAttributes?.identity ?? undefined;
      },
      /** The name of the worker that was given a conversation's effect last. */
      async effectOf(conversation: string): Promise<string | undefined> {
        const { raw } = await client.workflow.getHandle(conversation).describe();
        const pending = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'runEffect');
        return pending?.lastWorkerIdentity ?? undefined;
      },
      /** Those that were not killed. */
      gateways: running.gateways,
      workers: running.workers,
      /** The file of the workflow code that the workers run. */
      bundle: desk.parts.bundle,
      /** One more. */
      startGateway: () => start('gateways', { ...desk.parts, backing: ofGateways }),
      /** One more, with other workflow code where `bundle` names it. */
      startWorker: (bundle = desk.parts.bundle) => start('workers', { ...desk.parts, bundle }),
      /** SIGKILL for the process and everything it started; resolves when it is gone. */
      async kill(process: DeskProcess): Promise<void> {
        forget(running.gateways, process);
        forget(running.workers, process);
        process.child.kill('SIGKILL');
        await process.child.gone;
      },
      /** SIGTERM, and waits for its orderly end. */
      async stop(process: DeskProcess): Promise<void> {
        forget(running.gateways, process);
        forget(running.workers, process);
        await site.processes.stop(process.child);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

export type Rig = Awaited<ReturnType<typeof startRig>>;

const given = (name: string, url: string): Service => ({ name, source: 'environment', detail: 'given', url });

/** The same database by another way. */
const at = (url: string, host: string | undefined): string => {
  const through = new URL(url);
  if (host !== undefined) through.host = host;
  return through.href;
};

const fromSetup = (name: string): string => {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: run through npm test or npm run faults, which provision the services`);
  return value;
};

/** Until the process listens, seconds later, its port may become that of somebody's outgoing connection. */
const againIfPortIsTaken = async <T>(start: () => Promise<T>): Promise<T> => {
  for (let left = 3; ; left -= 1) {
    try {
      return await start();
    } catch (error) {
      if (left === 0 || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
};

const forget = (from: DeskProcess[], process: DeskProcess): void => {
  const at = from.indexOf(process);
  if (at >= 0) from.splice(at, 1);
};

/** The admin API of the local model. */
const createModelControls = (url: string) => {
  const put = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(new URL(`/admin/${path}`, url), {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`the local model refused ${path}: ${answer.status} ${await answer.text()}`);
  };
  return {
    profile: (change: Partial<Profile>): Promise<void> => put('profile', change),
    faults: (faults: Fault[]): Promise<void> => put('faults', faults),
    url,
    /** What it takes from now on; what was asked of it is counted anew. */
    capacity: (capacity: Capacity): Promise<void> => put('capacity', capacity),
    async usage(): Promise<Usage> {
      const answer = await fetch(new URL('/admin/capacity', url));
      return JSON.parse(await answer.text());
    },
  };
};
