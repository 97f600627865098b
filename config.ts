import { hostname } from 'node:os';
import { z } from 'zod';

/** The only reader of `process.env`: one schema per process, and a process with a bad one refuses to start. */

const secret = z.string().min(32, 'must be at least 32 characters; make one with: openssl rand -base64 32');
const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `must be a URL starting with ${protocols.map((p) => `${p}://`).join(' or ')}`,
  });
const count = (min: number, max: number) =>
  z.coerce.number({ error: 'must be a number' }).int('must be a whole number').min(min).max(max);

const backing = {
  DATABASE_URL: url('postgres', 'postgresql'),
  REDIS_URL: url('redis', 'rediss'),
  TEMPORAL_ADDRESS: z.string().regex(/^[^\s:/]+:\d+$/, 'must be host:port'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  DESK_PLAYBOOK: z.string().min(1, 'must be the path of a playbook folder'),
  DESK_HOST: z.string().default('127.0.0.1'),
  DESK_NODE: z
    .string()
    .regex(/^[\w.-]{1,63}$/)
    .default(() => `${hostname()}-${process.pid}`),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
};

export const gatewayConfig = z.object({
  ...backing,
  DESK_PORT: count(0, 65_535).default(8080),
  /** Signs sessions and conversation ids; every gateway needs the same. */
  DESK_SECRET: secret,
  /** Shared with the company's backend, which signs the JWTs of its customers with it (HS256). */
  DESK_IDENTITY_SECRET: secret.optional(),
  /** Open sockets of one address; raise it where many customers share one, as behind a proxy. */
  DESK_CONNECTIONS_PER_ADDRESS: count(1, 1_000_000).default(200),
  /** Origins whose pages may open a socket, comma-separated; the gateway's own address is always one. */
  DESK_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.url({ error: 'must be origins like https://shop.example, comma-separated' }))),
});

export const workerConfig = z.object({
  ...backing,
  OPENAI_API_KEY: z.string().min(1).default('none'),
  OPENAI_BASE_URL: url('http', 'https').default('https://api.openai.com/v1'),
  DESK_MODEL: z.string().min(1).default('gpt-4.1-mini'),
  /** Workflow code bundled beforehand, as the image and the launcher do; without it the worker bundles when it starts. */
  DESK_WORKFLOW_BUNDLE: z.string().min(1).optional(),
  /** The deployment that the workers of this desk are versions of, in the Temporal UI. */
  DESK_DEPLOYMENT: z
    .string()
    .regex(/^[\w-]{1,63}$/, 'must be letters, digits, - and _')
    .default('duradesk'),
  /** `on`: Temporal gives work to the current version only; a new one starts to work at `duradesk deploy promote`. */
  DESK_DEPLOYMENT_VERSIONING: z.enum(['on', 'off'], { error: 'must be on or off' }).default('off'),
  /** `/healthz` and `/metrics` of the worker. */
  DESK_PORT: count(0, 65_535).default(9464),
});

/** The launcher of the whole desk on one machine: what is not set here is found on the machine or provisioned. */
export const launcherConfig = z.object({
  DATABASE_URL: backing.DATABASE_URL.optional(),
  REDIS_URL: backing.REDIS_URL.optional(),
  TEMPORAL_ADDRESS: backing.TEMPORAL_ADDRESS.optional(),
  TEMPORAL_NAMESPACE: backing.TEMPORAL_NAMESPACE,
  OPENAI_API_KEY: z.string().min(1).optional(),
  OPENAI_BASE_URL: url('http', 'https').optional(),
  DESK_PLAYBOOK: backing.DESK_PLAYBOOK.optional(),
  DESK_PORT: count(1, 65_535).optional(),
  DESK_SECRET: secret.optional(),
  DESK_IDENTITY_SECRET: secret.optional(),
  CHROMIUM_PATH: z.string().min(1).optional(),
  /** Where downloads and builds are kept between starts, also of other folders. */
  XDG_CACHE_HOME: z.string().min(1).optional(),
  PATH: z.string().default(''),
});

export type GatewayConfig = z.infer<typeof gatewayConfig>;
export type LauncherConfig = z.infer<typeof launcherConfig>;
export type WorkerConfig = z.infer<typeof workerConfig>;

const known = new Set(Object.keys({ ...gatewayConfig.shape, ...workerConfig.shape, ...launcherConfig.shape }));

/** Reads one process's configuration. Throws a `ConfigError` that names every wrong variable and never its value. */
export const readConfig = <S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): z.infer<S> => {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  const misspelt = Object.keys(env).filter((name) => name.startsWith('DESK_') && !known.has(name));
  const problems = misspelt.map((name) => `${name} is no setting of Duradesk`);
  if (parsed.success && problems.length === 0) return parsed.data;
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    problems.push(env[name] ? `${name} ${issue.message}` : `${name} is not set`);
  }
  throw new ConfigError(problems.join('; '));
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
