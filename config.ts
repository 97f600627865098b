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

const list = <S extends z.ZodType<unknown, string>>(item: S) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .pipe(z.array(item));
const senders = (who: string) =>
  list(z.string().min(16, 'must hold secrets of 16 characters and more')).describe(
    `Secret that signs webhooks from ${who}; two, comma-separated, while it is replaced`,
  );
const filled = z.string().min(1).optional();

const backing = {
  DATABASE_URL: url('postgres', 'postgresql').describe('Postgres, the truth for text'),
  REDIS_URL: url('redis', 'rediss').describe('Redis, or anything that speaks like it'),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, 'must be host:port')
    .describe('host:port of the Temporal frontend'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace of this desk'),
  DESK_PLAYBOOK: z
    .string()
    .min(1, 'must be the path of a playbook folder')
    .describe('Folder with playbook.yaml and knowledge/'),
  DESK_HOST: z.string().default('127.0.0.1').describe('Address that the process listens on'),
  DESK_NODE: z
    .string()
    .regex(/^[\w.-]{1,63}$/)
    .default(() => `${hostname()}-${process.pid}`)
    .describe("This process in logs and in Temporal's UI"),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('The least of what is logged'),
};

const port = (usual: number) =>
  count(0, 65_535).default(usual).describe('Port that the process listens on; 0 takes any');

export const gatewayConfig = z.object({
  ...backing,
  DESK_PORT: port(8080),
  DESK_SECRET: secret.describe('Signs sessions and conversation ids; every gateway needs the same'),
  DESK_IDENTITY_SECRET: secret
    .optional()
    .describe("Shared with the company's backend, which signs the JWTs of its customers with it (HS256)"),
  DESK_CONNECTIONS_PER_ADDRESS: count(1, 1_000_000)
    .default(200)
    .describe('Open sockets of one address; raise it where many customers share one, as behind a proxy'),
  DESK_ORIGINS: list(z.url({ error: 'must be origins like https://shop.example, comma-separated' })).describe(
    "Origins whose pages may open a socket, comma-separated; the gateway's own address is always one",
  ),
  DESK_PUBLIC_URL: url('http', 'https')
    .optional()
    .describe(
      'Address under which others reach the gateway: HubSpot signs it, and agents open the console there and nowhere else',
    ),
  DESK_OPENID_ISSUER: url('https', 'http')
    .refine(
      (issuer) => issuer.startsWith('https:') || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/.test(issuer),
      {
        error: 'must be https, except on this machine',
      },
    )
    .optional()
    .describe("The company's OpenID Connect provider, where its agents sign in; needs DESK_PUBLIC_URL"),
  DESK_OPENID_CLIENT_ID: filled.describe(
    'Of this desk at the provider; its redirect is <DESK_PUBLIC_URL>/console/api/openid/callback',
  ),
  DESK_OPENID_CLIENT_SECRET: filled.describe('Of this desk at the provider'),
  DESK_OPENID_CLAIM: z.string().min(1).default('email').describe("Claim of the ID token that is an agent's id here"),
  DESK_OPENID_SCOPE: z.string().min(1).default('openid email').describe('What is asked for at the provider'),
  DESK_OPENID_TITLE: z.string().min(1).default('Single sign-on').describe('What agents press to sign in there'),
  DESK_WEBHOOKS_COMPANY: senders("the company's own backend (signed as ours are)"),
  DESK_WEBHOOKS_HUBSPOT: senders('HubSpot: the client secret of its app'),
  DESK_WEBHOOKS_JIRA: senders('Jira'),
  DESK_WEBHOOKS_ZENDESK: senders('Zendesk'),
});

/** The company's own systems. An adapter needs the settings that begin with its name. */
const systems = {
  DESK_CRM: z
    .enum(['built-in', 'hubspot', 'salesforce'], { error: 'must be built-in, hubspot or salesforce' })
    .default('built-in')
    .describe('Where customers are kept; built-in: in Postgres'),
  DESK_CRM_CUSTOMER_ID: filled.describe(
    "Field of the CRM that holds the company's own id of a customer, and is unique",
  ),
  DESK_CRM_LANGUAGE: filled.describe('Field of the CRM that holds the language'),
  DESK_CRM_TIER: filled.describe('Field of the CRM that holds the tier'),
  DESK_CRM_FACTS: list(z.string()).describe('Further fields of the CRM that the assistant is told, comma-separated'),
  DESK_TICKETING: z
    .enum(['built-in', 'zendesk', 'salesforce', 'jira'], { error: 'must be built-in, zendesk, salesforce or jira' })
    .default('built-in')
    .describe('Where tickets are kept; built-in: in Postgres'),
  DESK_TICKET_STATUSES: z
    .string()
    .regex(/^[^,=]+,[^,=]+,[^,=]+$/, 'must be three names with commas between')
    .transform((names) => names.split(',').map((status) => status.trim()))
    .optional()
    .describe('Names that Salesforce or Jira has for open, pending and solved, like Working,On Hold,Closed'),
  DESK_OUTBOUND_ALLOW: list(
    z.string().regex(/^[\da-fA-F:.]+(\/\d{1,3})?$/, 'must be addresses or ranges like 10.1.0.0/16, comma-separated'),
  ).describe('Addresses outside the public internet that may be called, and by plain http: systems and APIs of tools'),
  DESK_HUBSPOT_TOKEN: filled.describe('Access token of the private app'),
  DESK_HUBSPOT_URL: url('http', 'https').optional().describe('Another address than https://api.hubapi.com'),
  DESK_SALESFORCE_URL: url('http', 'https').optional().describe("The org's own domain"),
  DESK_SALESFORCE_CLIENT_ID: filled.describe('Of the connected app'),
  DESK_SALESFORCE_CLIENT_SECRET: filled.describe('Of the connected app'),
  DESK_SALESFORCE_REFRESH_TOKEN: filled.describe('Of a user who allowed it; else the client credentials are used'),
  DESK_ZENDESK_URL: url('http', 'https').optional().describe('Like https://acme.zendesk.com'),
  DESK_ZENDESK_EMAIL: filled.describe('Of the agent that the token acts for'),
  DESK_ZENDESK_TOKEN: filled.describe('API token'),
  DESK_JIRA_URL: url('http', 'https').optional().describe('Like https://acme.atlassian.net'),
  DESK_JIRA_EMAIL: filled.describe('Of the account that the token acts for'),
  DESK_JIRA_TOKEN: filled.describe('API token'),
  DESK_JIRA_SERVICE_DESK: filled.describe('Id of the service desk'),
  DESK_JIRA_REQUEST_TYPE: filled.describe('Id of the request type; its form must have the field Labels'),
  DESK_WEBHOOK_URL: url('http', 'https').optional().describe('Where events are posted'),
  DESK_WEBHOOK_SECRETS: list(secret).describe('Signs what is posted; two, comma-separated, while it is replaced'),
};

const embeddings = z
  .string()
  .regex(/^(none|minilm:.+|openai:.+)$/, 'must be none, minilm:<folder of the model> or openai:<name of a model>');

export const workerConfig = z.object({
  ...backing,
  ...systems,
  OPENAI_API_KEY: z.string().min(1).default('none').describe('Key of the model server'),
  OPENAI_BASE_URL: url('http', 'https')
    .default('https://api.openai.com/v1')
    .describe('Any server that speaks Chat Completions'),
  DESK_MODEL: z.string().min(1).default('gpt-4.1-mini').describe('Name of the model on that server'),
  DESK_MODEL_TOOLS: z
    .enum(['native', 'prompted'], { error: 'must be native or prompted' })
    .default('native')
    .describe(
      'prompted: the server has no tool calls, so that tools are described in the prompt and calls read as JSON',
    ),
  DESK_MODEL_CONCURRENCY: count(1, 100_000)
    .default(1_000)
    .describe('Calls that a model is sent at the same time at most, by all workers together'),
  DESK_MODEL_REQUESTS_PER_MINUTE: count(1, 10_000_000)
    .default(30_000)
    .describe('Calls that a model is sent in any minute at most, by all workers together'),
  DESK_MODEL_TOKENS_PER_MINUTE: count(1_000, 10_000_000_000)
    .default(100_000_000)
    .describe('Tokens of prompts and answers in any minute at most, by all workers together'),
  DESK_FALLBACK_MODEL: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Name of the model that is asked when DESK_MODEL fails or has no place; it has the same limits for itself',
    ),
  DESK_FALLBACK_BASE_URL: url('http', 'https').optional().describe('Its server, where it is not OPENAI_BASE_URL'),
  DESK_FALLBACK_API_KEY: z.string().min(1).optional().describe('Its key, where it is not OPENAI_API_KEY'),
  DESK_EMBEDDINGS: embeddings
    .default('none')
    .describe('What finds articles by meaning: minilm:<folder> or openai:<model> of the model server; none: by words'),
  DESK_WORKFLOW_BUNDLE: z
    .string()
    .min(1)
    .optional()
    .describe('Workflow code bundled beforehand, as the image and the launcher do; else bundled at start'),
  DESK_DEPLOYMENT: z
    .string()
    .regex(/^[\w-]{1,63}$/, 'must be letters, digits, - and _')
    .default('duradesk')
    .describe("The deployment in Temporal's UI that the workers are versions of"),
  DESK_DEPLOYMENT_VERSIONING: z
    .enum(['on', 'off'], { error: 'must be on or off' })
    .default('off')
    .describe('on: a new version of the workflow code works only after `duradesk deploy promote`'),
  DESK_PORT: port(9464),
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
  DESK_EMBEDDINGS: embeddings.optional(),
  DESK_PORT: count(1, 65_535).optional(),
  DESK_SECRET: secret.optional(),
  DESK_IDENTITY_SECRET: secret.optional(),
  CHROMIUM_PATH: z.string().min(1).optional().describe('The browser of the browser tests; else found on the machine'),
  XDG_CACHE_HOME: z
    .string()
    .min(1)
    .optional()
    .describe('Where downloads and builds are kept between starts, also of other folders'),
  PATH: z.string().default('').describe('Where programs are looked for'),
});

export type GatewayConfig = z.infer<typeof gatewayConfig>;
export type LauncherConfig = z.infer<typeof launcherConfig>;
export type WorkerConfig = z.infer<typeof workerConfig>;

/** Settings of the company's own choice, which a playbook may pass on to its providers of tools. */
const FOR_TOOLS = 'DESK_TOOL_';

/** What a playbook may pass on, by name. */
export const toolSettings = ({ DATABASE_URL }: Pick<WorkerConfig, 'DATABASE_URL'>, env = process.env) => ({
  ...Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (name.startsWith(FOR_TOOLS) && value ? [[name, value]] : [])),
  ),
  DATABASE_URL,
});

const known = new Set(Object.keys({ ...gatewayConfig.shape, ...workerConfig.shape, ...launcherConfig.shape }));

/** Reads one process's configuration. Throws a `ConfigError` that names every wrong variable and never its value. */
export const readConfig = <S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv = process.env): z.infer<S> => {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  const misspelt = Object.keys(env).filter(
    (name) => name.startsWith('DESK_') && !name.startsWith(FOR_TOOLS) && !known.has(name),
  );
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

/** A setting as an operator needs to know it; whether it is set, never to what. */
export type Setting = { name: string; meaning: string; default: string | null; readBy: string[]; isSet: boolean };

const PROCESSES = { gateway: gatewayConfig, worker: workerConfig, 'npm start': launcherConfig };

/** Every setting once, in the order of the schemas. `default` is `null` where there is none. */
export const settings = (env: NodeJS.ProcessEnv = process.env): Setting[] => {
  const found = new Map<string, Setting>();
  for (const [process, schema] of Object.entries(PROCESSES)) {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    for (const [name, property] of Object.entries(properties)) {
      if (typeof property === 'boolean') continue;
      const { description = '' } = property;
      const usual = property.default === undefined ? null : String(property.default);
      const before = found.get(name);
      if (before) {
        before.readBy.push(process);
        if (usual !== null && usual !== before.default)
          before.default = `${before.default} (${before.readBy[0]}), ${usual} (${process})`;
      } else
        found.set(name, {
          name,
          meaning: description,
          default: usual,
          readBy: [process],
          isSet: Boolean(env[name]),
        });
    }
  }
  const isSet = Object.keys(env).some((name) => name.startsWith(FOR_TOOLS));
  const meaning = "What a playbook may pass on to its providers of tools; the names are the company's own";
  return [...found.values(), { name: `${FOR_TOOLS}…`, meaning, default: null, readBy: ['worker'], isSet }];
};
