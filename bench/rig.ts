import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { launcherConfig, readConfig } from '../config.ts';
import { startBacking } from '../local/backing.ts';
import { childRecord } from '../local/child-record.ts';
import { type DeskParts, type Model, startModel, startWorker } from '../local/desk.ts';
import { readRecord } from '../local/process-record.ts';
import { openSite, type Site } from '../local/site.ts';
import { playbookOf, prepareStore } from '../local/stack.ts';
import { cpuOfTree } from './cpu.ts';
import { writePlaybook } from './playbook.ts';

/** What a turn can be made of. The workflow types of the last two are their task queues too. */
export const VARIANTS = ['ours', 'stepPerActivity', 'oneActivity'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Whose CPU is told apart. The model's is shown beside the others and counted in none: it is the same server for all. */
export const PARTS = ['temporal', 'worker', 'client', 'redis', 'postgres', 'model'] as const;
export type Usage = Record<(typeof PARTS)[number], number>;

/** What an idle worker may use in a second: it polls, and beats its heart. */
const IDLE_MS = 50;

const root = resolve(import.meta.dirname, '..');

/**
 * Temporal, Postgres, Redis and the local model as `npm start` has them, with a worker process for each of `variants`; in a
 * folder that is emptied before and removed after. One bench at a time: the folder is the lock.
 */
export const startRig = async (variants: readonly Variant[], say: (line: string) => void) => {
  const dataDir = join(tmpdir(), `duradesk-bench-${process.getuid?.() ?? 'user'}`);
  // Never the addresses of a desk: what is measured must be this machine's alone.
  const { PATH, XDG_CACHE_HOME } = process.env;
  const site = await openSite({ dataDir, config: readConfig(launcherConfig, { PATH, XDG_CACHE_HOME }) });
  const clean = () => rmSync(dataDir, { recursive: true, force: true });
  process.on('exit', () => {
    site.kill();
    clean();
  });
  for (const name of ['temporal', 'postgres', 'redis']) rmSync(join(dataDir, name), { recursive: true, force: true });
  // Postgres may run as another user, who has to come through.
  chmodSync(dataDir, 0o711);

  const backing = await startBacking(site, (name) => (line) => say(`${name}: ${line}`));
  await prepareStore(site, backing.postgres.url);
  const model = await startModel(site);
  await beInstant(model);
  const bundles = await bundle(site);
  // Articles are matched by their words: an embedder would cost every variant the same.
  const playbook = writePlaybook(playbookOf(site), join(dataDir, 'playbook'));
  const parts: DeskParts = { backing, playbook, bundle: bundles.ours, embeddings: 'none' };
  const workers = new Map<Variant, number>();
  for (const variant of variants) {
    say(`starting the worker of ${variant}`);
    const child =
      variant === 'ours'
        ? (await startWorker(site, parts, model, variant)).child
        : await startVariant(site, { ...parts, bundle: bundles.variants }, model, variant);
    workers.set(variant, child.pid);
  }
  for (const pid of workers.values()) await untilIdle(pid);
  const pids = Object.fromEntries(
    ['temporal', 'postgres', 'redis', 'model'].map((name) => {
      const record = readRecord(join(dataDir, 'run', `${name}.json`), childRecord);
      if (!record) throw new Error(`there is no record of the process "${name}"`);
      return [name, record.pid];
    }),
  );

  return {
    backing,
    playbook: parts.playbook,
    /** Milliseconds of CPU used so far; `worker` is that of the variant, `client` is this process. */
    usage(variant: Variant): Usage {
      const of = (pid: number | undefined) => (pid === undefined ? 0 : cpuOfTree(pid));
      const { user, system } = process.cpuUsage();
      return {
        temporal: of(pids.temporal),
        worker: of(workers.get(variant)),
        client: (user + system) / 1_000,
        redis: of(pids.redis),
        postgres: of(pids.postgres),
        model: of(pids.model),
      };
    },
    async stop() {
      await site.close();
      clean();
    },
  };
};

export type Rig = Awaited<ReturnType<typeof startRig>>;

/** The local model answers at once: what it would take is the same everywhere and not ours to measure. */
const beInstant = async ({ url }: Model): Promise<void> => {
  const answer = await fetch(new URL('/admin/profile', url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ firstTokenMs: 0, tokensPerSecond: 0, jitter: 0 }),
  });
  if (!answer.ok) throw new Error(`the local model refused its profile: ${answer.status} ${await answer.text()}`);
};

/** In processes of their own: webpack's heap would stay with whoever bundles. */
const bundle = async (site: Site) => {
  const files = { ours: join(site.dataDir, 'workflows.js'), variants: join(site.dataDir, 'variants.js') };
  const run = (name: string, script: string, file: string) => site.processes.run(ourProcess(name, [script, file]));
  mkdirSync(site.dataDir, { recursive: true });
  await run('bundle', 'local/workflow-bundle.ts', files.ours);
  await run('bundle-variants', 'bench/variants/bundle.ts', files.variants);
  return files;
};

/** A worker that has started still learns from the articles for some seconds of CPU, which belongs to no turn. */
const untilIdle = async (pid: number): Promise<void> => {
  const deadline = Date.now() + 60_000;
  for (let before = cpuOfTree(pid); Date.now() < deadline; ) {
    await pause(1_000);
    const now = cpuOfTree(pid);
    if (now - before < IDLE_MS) return;
    before = now;
  }
  throw new Error(`the worker ${pid} has not become idle after 60 s`);
};

const startVariant = (site: Site, { backing, playbook, bundle }: DeskParts, model: Model, variant: Variant) =>
  site.processes.start(
    ourProcess(variant, ['bench/variants/worker.ts', variant], {
      DATABASE_URL: backing.postgres.url,
      REDIS_URL: backing.redis.url,
      TEMPORAL_ADDRESS: backing.temporal.url,
      OPENAI_BASE_URL: model.url,
      DESK_PLAYBOOK: playbook,
      DESK_WORKFLOW_BUNDLE: bundle,
      DESK_NODE: variant,
    }),
    async (child) => {
      if (!child.output().includes('worker started')) throw new Error('it has not said that it started');
    },
  );

const ourProcess = (name: string, [script = '', ...args]: string[], env: Record<string, string> = {}) => ({
  name,
  command: process.execPath,
  args: ['--import', 'tsx', join(root, script), ...args],
  env,
  cwd: root,
});
