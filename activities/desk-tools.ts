import { z } from 'zod';
import { isOpenAt, localTime } from '../contracts/open-at.ts';
import type { Playbook } from '../contracts/playbook.ts';
import { DESK_PROVIDER } from '../contracts/playbook-providers.ts';
import type { Crm } from '../integrations/crm/crm.ts';
import { RemoteRefused, RemoteUnavailable } from '../integrations/remote-api.ts';
import { refusedCall, toolResult } from '../integrations/tool-text.ts';
import { type OfferedTool, type ToolProvider, type ToolResult, ToolUnavailable } from '../integrations/tools.ts';
import type { Reader } from '../knowledge/reader.ts';
import type { Retrieval } from '../knowledge/retrieval.ts';
import type { Callbacks } from '../store/callbacks.ts';
import type { Conversations } from '../store/conversations.ts';
import { StoreUnavailable } from '../store/database.ts';
import type { TicketDesk } from './ticket-desk.ts';

export type DeskToolDeps = {
  playbook: Playbook;
  passages: Pick<Retrieval, 'search'>;
  reader: Pick<Reader, 'read'>;
  crm: Pick<Crm, 'find'>;
  ticketDesk: TicketDesk;
  conversations: Pick<Conversations, 'get'>;
  callbacks: Callbacks;
  now?: () => Date;
};

type DeskTool = { offered: OfferedTool; run(args: unknown): Promise<ToolResult> };

const PASSAGES = 4;

/** How far ahead a call can be promised. */
const CALLBACK_DAYS = 30;

// What the gate fills in: the playbook must inject it, and then no model sees it.
const conversationId = z.string().min(1).describe('Filled in by the desk.');
const idempotencyKey = z.string().min(1).describe('Filled in by the desk. The same key is the same effect.');

/**
 * The desk's own tools, for playbooks that list them with `provider: desk`. The two that look things up are reads; those
 * that open, update and schedule are effects, done once per `idempotencyKey`.
 */
export const createDeskTools = (deps: DeskToolDeps): ToolProvider => {
  const { playbook, passages, reader, crm, ticketDesk, conversations, callbacks, now = () => new Date() } = deps;
  const timeZone = playbook.hours.timezone ?? playbook.company.timezone;

  const tools = [
    define(
      'search_knowledge',
      "Searches the company's help articles. Use it when what you were given does not hold the answer, with other words.",
      z.strictObject({ question: z.string().min(1).max(500) }),
      async ({ question }) => {
        const asked = await reader.read(question);
        const found = await passages.search(asked, playbook.assistant.defaultLanguage, PASSAGES);
        return toolResult(true, {
          articles: found.passages.map(({ title, heading, text, url }) => ({ title, heading, text, url })),
        });
      },
    ),
    define(
      'look_up_customer',
      "Looks up the signed-in customer in the company's records: name, e-mail, language, tier and further facts.",
      z.strictObject({ customerId: z.string().min(1).describe('Filled in by the desk.') }),
      async ({ customerId }) => {
        const profile = await crm.find({ customerId, email: null });
        if (!profile) return toolResult(true, { found: false });
        const { id: _, ...known } = profile;
        return toolResult(true, { found: true, ...known });
      },
    ),
    define(
      'open_ticket',
      'Opens a ticket for the company’s people about what you cannot solve. They answer the customer later.',
      z.strictObject({
        conversationId,
        idempotencyKey,
        subject: z.string().min(1).max(150),
        text: z.string().min(1).max(4_000).describe('What is to be done, and everything that is known about it.'),
      }),
      async ({ conversationId, idempotencyKey: key, subject, text }) => {
        const conversation = await conversations.get(conversationId);
        if (!conversation) return refusedCall('There is no such conversation.');
        const { owner } = conversation;
        const { id, status } = await ticketDesk.open({ conversationId, owner }, { key, subject, text });
        return toolResult(true, { ticketId: id, status });
      },
    ),
    define(
      'update_ticket',
      'Adds to a ticket of this customer, for the company’s people to read.',
      z.strictObject({
        conversationId,
        idempotencyKey,
        ticketId: z.string().min(1).max(100),
        text: z.string().min(1).max(4_000),
      }),
      async ({ conversationId, idempotencyKey: key, ticketId, text }) => {
        // The model may have any id from anywhere: another customer's ticket is none.
        if (!(await ticketDesk.isOfSameOwner(ticketId, conversationId))) return refusedCall('There is no such ticket.');
        await ticketDesk.comment(ticketId, { key, text, public: false });
        return toolResult(true, { ticketId, updated: true });
      },
    ),
    define(
      'schedule_callback',
      `Promises that a person calls the customer. The time must be in opening hours, in the time zone ${timeZone}, within ${CALLBACK_DAYS} days.`,
      z.strictObject({
        conversationId,
        idempotencyKey,
        phone: z
          .string()
          .regex(/^\+?[\d ()/.-]{6,24}$/)
          .describe('Where to call, as the customer gave it.'),
        at: z
          .string()
          .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
          .refine(isOfCalendar, 'is no date of the calendar')
          .describe(`Local time in ${timeZone}, like 2026-11-25T10:30.`),
        reason: z.string().min(1).max(500),
      }),
      async (wanted) => {
        const { conversationId, idempotencyKey: key, phone, at, reason } = wanted;
        const latest = new Date(now().getTime() + CALLBACK_DAYS * 86_400_000);
        if (at <= localTime(now(), timeZone)) return refusedCall('That time has passed.');
        if (at > localTime(latest, timeZone)) return refusedCall(`That is more than ${CALLBACK_DAYS} days ahead.`);
        if (!isOpenAt(playbook.hours, at)) return refusedCall('Nobody is there at that time: choose another one.');
        const id = await callbacks.add({ conversationId, key, phone, at, timeZone, reason });
        return toolResult(true, { callbackId: id, at, timeZone });
      },
    ),
  ];
  const byName = new Map(tools.map((tool) => [tool.offered.name, tool]));
  const offered = tools.map((tool) => tool.offered);
  let closed = false;

  return {
    name: DESK_PROVIDER,

    list: async () => offered,

    async call(name, args, signal, timeoutMs) {
      signal.throwIfAborted();
      if (closed) throw new ToolUnavailable("the desk's own tools are closed", 'not_sent');
      const tool = byName.get(name);
      if (!tool) return refusedCall('There is no tool of this name.');
      return inTime(tool.run(args).catch(toAnswer), signal, timeoutMs);
    },

    async close() {
      closed = true;
    },
  };
};

const isOfCalendar = (at: string): boolean => {
  const date = new Date(`${at}:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(at);
};

const define = <S extends z.ZodObject>(
  name: string,
  description: string,
  input: S,
  run: (args: z.infer<S>) => Promise<ToolResult>,
): DeskTool => ({
  offered: { name, description, inputSchema: z.toJSONSchema(input, { target: 'draft-2020-12' }) },
  async run(args) {
    const parsed = input.safeParse(args);
    if (parsed.success) return run(parsed.data);
    const [issue] = parsed.error.issues;
    return refusedCall(`${issue?.path.join('.')} ${issue?.message}`);
  },
});

/** What a system refuses was not done, and is for an operator to mend; what it left open may have been done. */
const toAnswer = (error: unknown): ToolResult => {
  if (error instanceof RemoteRefused) return refusedCall('This cannot be done.');
  if (error instanceof RemoteUnavailable) throw new ToolUnavailable(error.message, error.outcome);
  if (error instanceof StoreUnavailable) throw new ToolUnavailable('Postgres cannot be reached', 'unknown');
  throw error;
};

/** Ends the wait, not the work: it goes on and is found by its key. */
const inTime = (work: Promise<ToolResult>, signal: AbortSignal, ms: number): Promise<ToolResult> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    const timer = setTimeout(() => reject(new ToolUnavailable(`no answer within ${ms} ms`, 'unknown')), ms);
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    });
  });
