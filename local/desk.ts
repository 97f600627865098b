import { join, resolve } from 'node:path';
import { buildWeb } from '../web/build.ts';
import type { Backing } from './backing.ts';
import type { Child, ChildSpec } from './child.ts';
import type { Site } from './site.ts';

/** The language model that workers are given. `key` is absent where the server asks for none. */
export type Model = { url: string; key?: string | undefined; detail: string };

/** A running process of the desk with the address that it serves. */
export type DeskProcess = { child: Child; url: string };

/**
 * What every gateway and worker of a desk is told. `bundle` is the file of the workflow code; `worker` is `workers/main.ts` in one
 * file, where workers are started so often that it counts.
 */
export type DeskParts = { backing: Backing; playbook: string; bundle: string; worker?: string; embeddings?: string };

/** A worker finishes what it streams for 30 s, and is gone 10 s later at most (workers/main.ts). */
const WORKER_ORDERLY_MS = 45_000;

const root = resolve(import.meta.dirname, '..');
const OPENAI = 'https://api.openai.com/v1';

/** `OPENAI_API_KEY` and/or `OPENAI_BASE_URL`, else the local model. */
export const startModel = async (site: Site): Promise<Model> => {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: url } = site.config;
  if (key !== undefined || url !== undefined) return { url: url ?? OPENAI, key, detail: url ?? OPENAI };
  let listening = '';
  await site.processes.start(ourProcess('model', 'local/model/main.ts', { PORT: '0' }), async (child) => {
    listening = /"listening":"([^"]+)"/.exec(child.output())?.[1] ?? '';
    if (listening === '') throw new Error('it has not said where it listens');
  });
  return { url: listening, detail: `rule-and-retrieval model, not a language model, ${listening}` };
};

/** Bundles the workflow code once for all workers, and builds the customer page. Returns the bundle's file. */
export const buildParts = async (site: Site): Promise<string> => {
  const bundle = join(site.dataDir, 'workflows.js');
  await Promise.all([
    site.processes.run(ourProcess('workflow-bundle', 'local/workflow-bundle.ts', {}, [bundle])),
    buildWeb(join(root, 'dist', 'page')),
  ]);
  return bundle;
};

export const startWorker = async (site: Site, parts: DeskParts, model: Model, name: string): Promise<DeskProcess> => {
  const port = await site.ports.free(9464);
  const program = ourProcess(name, 'workers/main.ts');
  const spec = { ...program, ...(parts.worker && { args: [parts.worker] }), orderlyMs: WORKER_ORDERLY_MS };
  return serving(site, spec, port, {
    ...shared(site, parts),
    OPENAI_BASE_URL: model.url,
    ...(model.key !== undefined && { OPENAI_API_KEY: model.key }),
    DESK_WORKFLOW_BUNDLE: parts.bundle,
    ...(parts.embeddings !== undefined && { DESK_EMBEDDINGS: parts.embeddings }),
  });
};

export const startGateway = async (site: Site, parts: DeskParts, name: string): Promise<DeskProcess> => {
  const port = site.config.DESK_PORT ?? (await site.ports.free(8080));
  return serving(site, ourProcess(name, 'gateway/main.ts'), port, {
    ...shared(site, parts),
    DESK_SECRET: deskSecret(site),
    DESK_IDENTITY_SECRET: identitySecret(site),
  });
};

export const deskSecret = (site: Site): string => site.config.DESK_SECRET ?? site.secrets.desk;
export const identitySecret = (site: Site): string => site.config.DESK_IDENTITY_SECRET ?? site.secrets.identity;

const shared = (site: Site, { backing, playbook }: DeskParts): Record<string, string> => ({
  DATABASE_URL: backing.postgres.url,
  REDIS_URL: backing.redis.url,
  TEMPORAL_ADDRESS: backing.temporal.url,
  TEMPORAL_NAMESPACE: site.config.TEMPORAL_NAMESPACE,
  DESK_PLAYBOOK: playbook,
});

const serving = async (
  site: Site,
  spec: ChildSpec,
  port: number,
  env: Record<string, string>,
): Promise<DeskProcess> => {
  const url = `http://127.0.0.1:${port}`;
  const settings = { ...env, DESK_HOST: '127.0.0.1', DESK_PORT: String(port), DESK_NODE: spec.name };
  const child = await site.processes.start({ ...spec, env: settings }, async () => {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    if (!answer.ok) throw new Error(`/readyz says ${answer.status} ${(await answer.text()).trim()}`);
  });
  return { child, url };
};

const ourProcess = (name: string, file: string, env: Record<string, string> = {}, args: string[] = []) => ({
  name,
  command: process.execPath,
  args: ['--import', 'tsx', join(root, file), ...args],
  env,
  cwd: root,
});
