import { z } from 'zod';
import { giveUpAs } from './desk.ts';
import { duration } from './duration.ts';
import { openingHours, timeZone } from './opening-hours.ts';
import { unsafe } from './pattern.ts';
import { DESK_PROVIDER, provider } from './playbook-providers.ts';
import { contradictionsOf, tool } from './playbook-tools.ts';
import { language, name, type Path, text, webAddress } from './playbook-values.ts';
import { promptTemplate } from './prompt-template.ts';

// What a company configures: the shape of `playbook.yaml`. Unknown keys are errors everywhere, and a message says what a
// value must be, since the loader puts file, line and path in front of it.

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
  /** The company's own when absent. */
  hours: openingHours.optional(),
  /** An offer rings for so long, and is not made to the same person again for `rest` after they declined it. */
  ring: duration.default(20_000),
  rest: duration.default(60_000),
  /** Whoever lets so many offers in a row ring out counts as away. */
  missesUntilAway: z.int().min(1).max(10).default(2),
  /** Time for notes after a conversation, without offers; none when absent. */
  wrapUp: duration.optional(),
  /** How long a person usually holds a conversation: what customers are told, until the desk has seen how long. */
  handleTime: duration.default(300_000),
  /** How much longer one waits who is one step less urgent. */
  aging: duration.default(60_000),
  /** Skills are asked for no more after this. */
  relax: duration.default(300_000),
  /** Open time after which another desk takes it, and after which it is given up. */
  overflow: z.strictObject({ after: duration, desk: name }).optional(),
  maxWait: z.strictObject({ after: duration, as: giveUpAs }).optional(),
  /** What becomes of who comes outside its hours. */
  whenClosed: z.union([giveUpAs, z.literal('wait')]).default('assistant'),
});

/** Targets of service in open hours. */
const sla = z.strictObject({ firstReply: duration, nextReply: duration, resolution: duration });

/** What customers want, told apart by examples in their words. `desk` takes it when it goes to a person. */
const intent = z.strictObject({
  name,
  title: text,
  examples: z.array(text).min(5),
  desk: name.optional(),
  /** About the customer's own affairs: no answer to it is ever kept for others, nor is one of another customer served. */
  personal: z.boolean().default(false),
});

/**
 * What to pick out of messages: order numbers, serial numbers. A first group in the pattern is the value, else the whole
 * match is. Upper and lower case are the same. Messages that hold one are never answered from the answer cache.
 */
const entity = z.strictObject({
  name,
  title: text,
  pattern: z
    .string()
    .min(1)
    .max(200)
    .superRefine((pattern, context) => {
      const problem = unsafe(pattern);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    }),
});

/** Answers to common questions are kept for this long, while what they were made from stands. */
const answerCache = z.strictObject({ keep: duration.default(7 * 86_400_000) });

const CANNED_VARIABLES = new Set(['customer.name', 'agent.name', 'company.name']);

function isOfKnownVariables(text: string): boolean {
  return [...text.matchAll(/\{\{\s*([^}]*?)\s*\}\}/g)].every(([, variable = '']) => CANNED_VARIABLES.has(variable));
}

/** When the assistant hands over; any one rule is enough, and a rule that is left out never fires. */
const handoff = z.strictObject({
  /** Takes what no intent sends elsewhere. */
  desk: name,
  askedForPerson: z.boolean().default(true),
  /** Whether the assistant goes on answering while a person is on the way. */
  talksWhileWaiting: z.boolean().default(true),
  /** From -1 (furious) to 1 (delighted). */
  sentimentBelow: z.number().min(-1).max(1).optional(),
  /** Turns in a row that ended as failed, or whose tools all failed. */
  repeatedFailure: z.int().min(1).max(20).optional(),
  /** Turns in a row in which nothing was found to answer from. */
  repeatedlyUnanswered: z.int().min(1).max(20).optional(),
  /** Always for people. */
  intents: z.array(name).default([]),
  /** Customers of these tiers, as the CRM names them, are always for people. */
  tiers: z.array(text).default([]),
  /** An action that is about more than this, in the unit of its tool's amount, brings a person too. */
  valueAbove: z.number().min(0).optional(),
});

/** What agents say often. `{{customer.name}}`, `{{agent.name}}` and `{{company.name}}` are filled in. */
const cannedReply = z.strictObject({
  name,
  title: text,
  text: text
    .max(4_000)
    .refine(isOfKnownVariables, 'may hold {{customer.name}}, {{agent.name}} and {{company.name}} only'),
});

/** When a ticket is opened by itself: with every handoff, or when a conversation ends without an answer. */
const tickets = z.strictObject({ on: z.array(z.enum(['handoff', 'unresolved'])).default(['unresolved']) });

const budgets = z.strictObject({
  promptTokens: z.int().min(500),
  replyTokens: z.int().min(50),
  toolCallsPerTurn: z.int().min(0).max(50),
  /** Prompts and answers of one conversation, and of all of a day (UTC); not limited where absent. */
  conversationTokens: z.int().min(1_000).optional(),
  dayTokens: z.int().min(1_000).optional(),
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
  /** The budget of the conversation or of the day is used up. */
  budgetUsed: text,
  /** Only a signed-in customer can be told that. */
  signIn: text,
  /** A person takes over, in open hours and outside. */
  handoff: text,
  closedForNow: text,
  /** Nobody came: the assistant goes on, or a ticket was opened. */
  nobodyCame: text,
  ticketOpened: text,
  /** Nothing was said for `idle.warnAfter`, and for `idle.closeAfter`. */
  idleWarning: text,
  idleClosed: text,
  /** How an action went, where the model cannot be reached to say so: done, not done, nobody knows, waits for a person. */
  actionDone: text,
  actionFailed: text,
  actionUnknown: text,
  actionWaits: text,
});

/** The product's own where absent (`activities/instructions.ts`). Their version is the playbook's, which is its content hash. */
const prompts = z.strictObject({
  /** How the assistant is to answer. */
  instructions: promptTemplate.optional(),
  /** How the notes of a long conversation are to be kept. */
  summary: promptTemplate.optional(),
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
  entities: z.array(entity).max(20).default([]),
  /** Left out: every question goes to the model. */
  answerCache: answerCache.optional(),
  handoff,
  cannedReplies: z.array(cannedReply).default([]),
  tickets: tickets.prefault({}),
  providers: z.array(provider).default([]),
  tools: z.array(tool).default([]),
  budgets,
  sentences: z.record(language, sentences),
  prompts: prompts.default({}),
  idle,
});

/** What no single value shows: names that must exist, be unique, or be said in every language. */
const contradictions = function* (book: z.infer<typeof shape>): Generator<[Path, string]> {
  const { assistant, desks, intents, entities, handoff, cannedReplies, providers, tools, sentences, idle } = book;
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
  for (const [key, list] of Object.entries({ desks, intents, entities, cannedReplies, providers, tools })) {
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
  for (const [i, { name, overflow }] of desks.entries()) {
    if (overflow && (overflow.desk === name || !deskNames.has(overflow.desk)))
      yield [['desks', i, 'overflow', 'desk'], 'must be the name of another one of desks'];
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
  for (const [i, tool] of tools.entries()) {
    for (const [path, message] of contradictionsOf(tool, tools)) yield [['tools', i, ...path], message];
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
  /** How customers ask for it, in their words: retrieval compares a question with these too. */
  questions: z.array(text).max(50).default([]),
});

export type Playbook = z.infer<typeof playbook>;

/** `slug` is the name of the article's file without `.md`. */
export type Article = {
  slug: string;
  title: string;
  url?: string;
  language: string;
  tags: string[];
  questions: string[];
  body: string;
};

/**
 * A whole playbook folder. `version` is the content hash: 16 hex digits over `playbook.yaml` and every article; `settings` is
 * that of `playbook.yaml` alone.
 */
export type LoadedPlaybook = { version: string; settings: string; playbook: Playbook; articles: Article[] };

export { type PlaybookTool, UNDO_TOOL } from './playbook-tools.ts';
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
