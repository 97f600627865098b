import { z } from 'zod';
import { duration } from './duration.ts';
import { openingHours, timeZone } from './opening-hours.ts';
import { isStorable } from './text.ts';

// What a company configures: the shape of `playbook.yaml`. Unknown keys are errors everywhere, and a message says what a
// value must be, since the loader puts file, line and path in front of it.

const text = z.string().trim().min(1).refine(isStorable, 'holds a NUL or half of a character');
const name = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a short name of a-z, 0-9 and _');
const language = z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'must be a language like en or pt-BR');
const webAddress = z.url({ protocol: /^https?$/, error: 'must be an address starting with https:// or http://' });

/** One text for everybody, or one per language. */
const localised = z.union([text, z.record(language, text)], {
  error: 'must be a text, or one per language like { en: Hello, de: Hallo }',
});

const company = z.strictObject({ name: text, url: webAddress, timezone: timeZone });

const assistant = z.strictObject({
  name: text,
  /** Goes into every prompt: who it is, how it speaks, what it never does. */
  persona: text,
  languages: z.array(language).min(1),
  /** Spoken when the customer's own cannot be told or is none of `languages`. */
  defaultLanguage: language,
});

/** A team of people, with what its members can do and speak. */
const desk = z.strictObject({
  name,
  title: text,
  languages: z.array(language).min(1),
  skills: z.array(name).default([]),
});

/** Targets of service in open hours. */
const sla = z.strictObject({ firstReply: duration, nextReply: duration, resolution: duration });

/** What customers want, told apart by examples in their words. `desk` takes it when it goes to a person. */
const intent = z.strictObject({ name, title: text, examples: z.array(text).min(5), desk: name.optional() });

/** When the assistant hands over; any one rule is enough, and a rule that is left out never fires. */
const handoff = z.strictObject({
  /** Takes what no intent sends elsewhere. */
  desk: name,
  askedForPerson: z.boolean().default(true),
  /** From -1 (furious) to 1 (delighted). */
  sentimentBelow: z.number().min(-1).max(1).optional(),
  /** Turns in a row that ended as failed, or without an answer in knowledge or tools. */
  repeatedFailure: z.int().min(1).max(20).optional(),
  /** Always for people. */
  intents: z.array(name).default([]),
});

const toolName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be a tool name of A-Z, a-z, 0-9, _ and -');

/** A child process that speaks MCP on stdin and stdout, or an MCP address. */
const mcp = z.union(
  [
    /** Started in the playbook's folder. `${DATABASE_URL}` in a value of `env` stands for that setting of the worker. */
    z.strictObject({
      command: text,
      args: z.array(z.string()).default([]),
      env: z.record(z.string().regex(/^\w+$/), z.string()).default({}),
    }),
    z.strictObject({ url: webAddress }),
  ],
  { error: 'must be { command, args, env } or { url }' },
);

/** `${DESK_TOOL_SHOP_KEY}` in a value stands for that setting of the worker. */
const openApiAuth = z.union(
  [
    z.strictObject({ bearer: text }),
    z.strictObject({ header: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/), value: text }),
  ],
  { error: 'must be { bearer } or { header, value }' },
);

/** An HTTP API that an OpenAPI document (3.0 or later) describes. Each listed operation is a tool of that name. */
const openapi = z.strictObject({
  /** A file of the playbook's folder, or an address. It must be whole: other documents that it points to are not read. */
  document: z.union([webAddress, z.string().regex(/^(?!.*\.\.)[\w-][\w./-]*\.(json|ya?ml)$/)], {
    error: 'must be a file of this folder like shop-api.yaml, or an address',
  }),
  /** Where it is served; else the first of the document's servers. */
  server: webAddress.optional(),
  /** Ids of operations. */
  operations: z.array(toolName).min(1),
  auth: openApiAuth.optional(),
});

/** What offers tools: one of `mcp` and `openapi`. */
const provider = z.strictObject({ name, mcp: mcp.optional(), openapi: openapi.optional() });

/** The provider that is always there: the desk's own tools. */
export const DESK_PROVIDER = 'desk';

/** What the gate fills in: the verified customer's id, the conversation's, or a fixed value. The model never sees it. */
const injection = z.union(
  [
    z.literal('customer.id'),
    z.literal('conversation.id'),
    z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]) }),
  ],
  { error: 'must be customer.id, conversation.id or { value: … }' },
);

/** What the model may use. A tool that is not listed here does not exist for it. */
const tool = z.strictObject({
  provider: name,
  /** As its provider calls it. */
  name: toolName,
  /** Shown to the customer while it runs. */
  title: localised,
  /** `verified`: only where the conversation belongs to a signed-in customer. */
  use: z.enum(['anyone', 'verified']),
  /** A `read` is safe to repeat; an `effect` changes something outside. */
  kind: z.enum(['read', 'effect']),
  inject: z.record(z.string(), injection).default({}),
  timeout: duration.default(10_000),
  limits: z
    .strictObject({ perTurn: z.int().min(1).optional(), perConversation: z.int().min(1).optional() })
    .default({}),
});

const budgets = z.strictObject({
  promptTokens: z.int().min(500),
  replyTokens: z.int().min(50),
  toolCallsPerTurn: z.int().min(0).max(50),
  /** Every turn ends within this. */
  turnSeconds: z.int().min(5).max(600).default(60),
});

/** Said word for word, never made up by the model; each in every language of the assistant. */
const sentences = z.strictObject({
  greeting: text,
  /** It takes longer than usual, and goes on. */
  slow: text,
  /** Something that is needed cannot be reached, so there is no answer. */
  unavailable: text,
  /** This turn went wrong. */
  failed: text,
  /** Only a signed-in customer can be told that. */
  signIn: text,
  /** A person takes over, in open hours and outside. */
  handoff: text,
  closedForNow: text,
  /** Nothing was said for `idle.warnAfter`, and for `idle.closeAfter`. */
  idleWarning: text,
  idleClosed: text,
});

const idle = z.strictObject({ warnAfter: duration, closeAfter: duration });

const shape = z.strictObject({
  version: z.literal(1),
  company,
  assistant,
  desks: z.array(desk).min(1),
  hours: openingHours,
  sla,
  intents: z.array(intent).default([]),
  handoff,
  providers: z.array(provider).default([]),
  tools: z.array(tool).default([]),
  budgets,
  sentences: z.record(language, sentences),
  idle,
});

type Path = (string | number)[];

/** What no single value shows: names that must exist, be unique, or be said in every language. */
const contradictions = function* (book: z.infer<typeof shape>): Generator<[Path, string]> {
  const { assistant, desks, intents, handoff, providers, tools, sentences, idle } = book;
  const spoken = new Set(assistant.languages);
  const deskNames = new Set(desks.map((desk) => desk.name));
  const intentNames = new Set(intents.map((intent) => intent.name));
  const providerNames = new Set([DESK_PROVIDER, ...providers.map((provider) => provider.name)]);

  if (!spoken.has(assistant.defaultLanguage))
    yield [['assistant', 'defaultLanguage'], 'must be one of assistant.languages'];
  for (const code of spoken) {
    if (!sentences[code]) yield [['sentences', code], `is missing: assistant.languages lists ${code}`];
  }
  for (const code of Object.keys(sentences)) {
    if (!spoken.has(code)) yield [['sentences', code], 'is no language of assistant.languages'];
  }
  for (const [key, list] of Object.entries({ desks, intents, providers, tools })) {
    for (const [i, { name }] of list.entries()) {
      if (list.findIndex((other) => other.name === name) < i) yield [[key, i, 'name'], `is used twice: ${name}`];
    }
  }
  for (const [i, { name, mcp, openapi }] of providers.entries()) {
    if (name === DESK_PROVIDER)
      yield [['providers', i, 'name'], "must be another: the desk's own tools have this name"];
    if (!mcp === !openapi) yield [['providers', i], 'must have one of mcp and openapi'];
  }
  if (!deskNames.has(handoff.desk)) yield [['handoff', 'desk'], 'must be the name of one of desks'];
  for (const [i, { desk }] of intents.entries()) {
    if (desk && !deskNames.has(desk)) yield [['intents', i, 'desk'], 'must be the name of one of desks'];
  }
  for (const [i, name] of handoff.intents.entries()) {
    if (!intentNames.has(name)) yield [['handoff', 'intents', i], 'must be the name of one of intents'];
  }
  for (const [i, { provider, title, use, inject }] of tools.entries()) {
    if (!providerNames.has(provider)) yield [['tools', i, 'provider'], 'must be the name of one of providers'];
    if (use === 'anyone' && Object.values(inject).includes('customer.id'))
      yield [['tools', i, 'use'], 'must be verified, since customer.id is injected'];
    if (typeof title !== 'string' && !title[assistant.defaultLanguage])
      yield [['tools', i, 'title'], `must have a text for ${assistant.defaultLanguage}`];
  }
  if (idle.closeAfter <= idle.warnAfter) yield [['idle', 'closeAfter'], 'must be longer than idle.warnAfter'];
};

export const playbook = shape.superRefine((book, context) => {
  for (const [path, message] of contradictions(book)) context.addIssue({ code: 'custom', path, message });
});

/** Front matter of `knowledge/<slug>.md`. Without `language` it is in the assistant's default one. */
export const articleHead = z.strictObject({
  title: text,
  /** Where customers can read it; an article without one is not shown as a source link. */
  url: webAddress.optional(),
  language: language.optional(),
  tags: z.array(name).default([]),
});

export type Playbook = z.infer<typeof playbook>;

/** `slug` is the name of the article's file without `.md`. */
export type Article = { slug: string; title: string; url?: string; language: string; tags: string[]; body: string };

/** A whole playbook folder. `version` is the content hash: 16 hex digits over `playbook.yaml` and every article. */
export type LoadedPlaybook = { version: string; playbook: Playbook; articles: Article[] };

export type PlaybookTool = Playbook['tools'][number];
export type PlaybookProvider = Playbook['providers'][number];
export type SentenceName = keyof z.infer<typeof sentences>;

/** The spoken language that serves `wanted` best: `pt-BR`, else `pt`, else `fallback`. */
const spoken = (languages: readonly string[], wanted: string | undefined, fallback: string): string =>
  [wanted, wanted?.split('-')[0]].find((code) => code !== undefined && languages.includes(code)) ?? fallback;

/** `value` in the language wanted, else in `fallback`. */
export const inLanguage = (
  value: string | Record<string, string>,
  wanted: string | undefined,
  fallback: string,
): string => (typeof value === 'string' ? value : (value[spoken(Object.keys(value), wanted, fallback)] ?? ''));

/** The fixed sentence in the customer's language, or in the assistant's default one when it is not spoken here. */
export const sentence = ({ assistant, sentences }: Playbook, key: SentenceName, wanted: string | undefined): string =>
  sentences[spoken(assistant.languages, wanted, assistant.defaultLanguage)]?.[key] ?? '';
