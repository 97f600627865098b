import { z } from 'zod';
import { once, portableKey } from '../once.ts';
import { outgoing, outgoingLine, toHtml } from '../outgoing-text.ts';
import { documented, orNull, RemoteRefused } from '../remote-api.ts';
import { incoming, MAX_COMMENTS, MAX_SUBJECT } from './ticket-text.ts';
import type { Ticket, TicketComment, Ticketing, TicketStatus } from './ticketing.ts';
import { createZendeskClients, type ZendeskOptions } from './zendesk-client.ts';

/** A comment holds 64 KB, and HTML is five times as long as its text at most. */
const MAX_HTML_TEXT_BYTES = 13_000;

/** Under this name a comment's key is kept in the custom metadata of its audit. */
const KEY = 'duradesk';

const ticket = z.object({ id: z.number(), status: z.string() });
const tickets = z.array(ticket);
const audit = z.object({
  created_at: z.string(),
  metadata: z.object({ custom: z.record(z.string(), z.unknown()).optional() }).optional(),
  events: z.array(z.looseObject({ id: z.number(), type: z.string() })),
});
const audits = z.array(audit);
const commentEvent = z.object({ id: z.number(), type: z.literal('Comment'), body: z.string(), public: z.boolean() });

/**
 * Zendesk Support. A ticket carries its key as `external_id`, which lists without delay, and is created with the same key
 * as `Idempotency-Key`, which Zendesk remembers for two hours. Comments are read from the audits, of which the first is the
 * ticket itself: only these tell the key.
 */
export const createZendeskTicketing = (options: ZendeskOptions): Ticketing => {
  const clients = createZendeskClients(options);
  const { tickets: api, ticketaudits } = clients();

  const toTicket = ({ id, status }: z.infer<typeof ticket>): Ticket => ({
    id: String(id),
    status: toStatus(status),
    url: new URL(`/agent/tickets/${id}`, options.baseUrl).href,
  });

  const find = async (key: string): Promise<Ticket | null> => {
    const result = resultOf(await api.get(['tickets', { external_id: key }]));
    const [found] = documented('Zendesk', tickets, result);
    return found ? toTicket(found) : null;
  };

  const readComments = async (id: number): Promise<TicketComment[]> => {
    const [, ...later] = documented('Zendesk', audits, await ticketaudits.list(id));
    return later.flatMap(toComments).slice(0, MAX_COMMENTS);
  };

  return {
    open({ key, subject, text, requester }) {
      const externalId = portableKey(key);
      const create = async () => {
        const result = resultOf(
          await clients(externalId).tickets.create({
            ticket: {
              external_id: externalId,
              subject: outgoingLine(subject, MAX_SUBJECT),
              comment: { html_body: toHtml(outgoing(text, MAX_HTML_TEXT_BYTES)), public: false },
              ...(requester && {
                requester: { name: outgoingLine(requester.name ?? requester.email, 100), email: requester.email },
              }),
            },
          }),
        );
        return toTicket(documented('Zendesk', ticket, result));
      };
      return once(() => find(externalId), create);
    },

    find: (key) => find(portableKey(key)),

    async get(id) {
      if (!isId(id)) return null;
      const answer = await orNull(api.show(Number(id)));
      return answer && toTicket(documented('Zendesk', ticket, resultOf(answer)));
    },

    comment(id, { key, text, public: isPublic }) {
      const mark = portableKey(key);
      const look = async () => (await readComments(toId(id))).find(({ ours }) => ours === mark)?.id ?? null;
      const add = async () => {
        // The audits' client, since that of tickets drops the audit from the answer.
        const result = resultOf(
          await ticketaudits.put(['tickets', toId(id)], {
            ticket: {
              comment: { html_body: toHtml(outgoing(text, MAX_HTML_TEXT_BYTES)), public: isPublic },
              metadata: { [KEY]: mark },
            },
          }),
        );
        const [written] = toComments(documented('Zendesk', audit, result));
        return written?.id ?? '';
      };
      return once(look, add);
    },

    comments: async (id) => readComments(toId(id)),

    async setStatus(id, status) {
      await api.update(toId(id), { ticket: { status } });
    },
  };
};

/** The package's types say `NodeModule` where it resolves with the response and the part of its body that it knows. */
const resultOf = (answer: unknown): unknown => documented('Zendesk', z.object({ result: z.unknown() }), answer).result;

const toComments = ({ created_at, metadata, events }: z.infer<typeof audit>): TicketComment[] =>
  events.flatMap((event) => {
    const { data } = commentEvent.safeParse(event);
    const mark = metadata?.custom?.[KEY];
    const ours = typeof mark === 'string' ? mark : null;
    return data ? [{ id: String(data.id), ours, text: incoming(data.body), public: data.public, at: created_at }] : [];
  });

/** `new` and `hold` are our people's move too; `closed` is solved for good. */
const toStatus = (status: string): TicketStatus => {
  if (status === 'solved' || status === 'closed') return 'solved';
  return status === 'pending' ? 'pending' : 'open';
};

const isId = (id: string): boolean => /^\d{1,15}$/.test(id);

const toId = (id: string): number => {
  if (isId(id)) return Number(id);
  throw new RemoteRefused('Zendesk: a ticket id is a number', 404);
};
