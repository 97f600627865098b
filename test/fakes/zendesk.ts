import { plantFaults, SLOW_MS } from './faults.ts';
import { createServer, type Effect, listen } from './listen.ts';

// Shapes: developer.zendesk.com/api-reference/ticketing/introduction (idempotency), …/tickets/tickets,
// …/tickets/ticket_audits, /api-reference/introduction/rate-limits, /pagination (cursor), /requests (errors).

type Event = { id: number; type: string; body?: string; html_body?: string; public?: boolean; value?: string };
type Audit = {
  id: number;
  ticket_id: number;
  created_at: string;
  metadata: { system: object; custom: object };
  events: Event[];
};
type Ticket = { id: number; external_id: string | null; subject: string; status: string; audits: Audit[] };
type NewComment = { body?: string; html_body?: string; public?: boolean };
type Change = {
  ticket: {
    external_id?: string;
    subject?: string;
    status?: string;
    comment?: NewComment;
    metadata?: object;
    requester?: { name?: string; email?: string };
  };
};

const STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];

/** What Zendesk makes of HTML that holds breaks and entities only. */
const toPlain = (html: string) => html.replaceAll('<br>', '\n').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** A Zendesk account. `pageSize` caps what a page holds, whatever is asked for. */
export const startZendesk = async ({
  email = 'agent@acme.test',
  apiToken = 'token',
  pageSize = 3,
  slowMs = SLOW_MS,
} = {}) => {
  const app = createServer();
  const tickets: Ticket[] = [];
  const remembered = new Map<string, { asked: string; answer: object }>();
  const ledger: Effect[] = [];
  let nextId = 1;

  const faults = plantFaults(
    app,
    {
      '401': { status: 401, body: { error: "Couldn't authenticate you" } },
      '403': { status: 403, body: { error: 'Forbidden', description: 'You do not have access to this page.' } },
      '409': { status: 409, body: { error: 'DatabaseConflict', description: 'Database collision' } },
      '429': {
        status: 429,
        headers: { 'retry-after': '3', 'x-rate-limit': '700', 'x-rate-limit-remaining': '0' },
        body: { error: 'APIRateLimitExceeded', description: 'Number of allowed API requests per minute exceeded' },
      },
      '503': { status: 503, headers: { 'retry-after': '1' }, body: {} },
    },
    undefined,
    slowMs,
  );

  app.addHook('preHandler', async (request, reply) => {
    const expected = `Basic ${Buffer.from(`${email}/token:${apiToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return reply.code(401).send({ error: "Couldn't authenticate you" });
  });

  const audit = (ticket: Ticket, change: Change['ticket'], created: boolean): Audit => {
    const events: Event[] = [];
    if (change.comment) {
      const html = change.comment.html_body ?? change.comment.body ?? '';
      events.push({
        id: nextId++,
        type: 'Comment',
        body: toPlain(html),
        html_body: html,
        public: change.comment.public ?? true,
      });
    }
    if (created) events.push({ id: nextId++, type: 'Create', value: ticket.subject });
    if (change.status) events.push({ id: nextId++, type: 'Change', value: change.status });
    const metadata = { system: { client: 'test' }, custom: change.metadata ?? {} };
    const made = { id: nextId++, ticket_id: ticket.id, created_at: new Date().toISOString(), metadata, events };
    ticket.audits.push(made);
    return made;
  };

  const shown = ({ audits: _, ...ticket }: Ticket, base: string) => ({
    ...ticket,
    url: `${base}/api/v2/tickets/${ticket.id}.json`,
  });
  const notFound = { error: 'RecordNotFound', description: 'Not found' };
  const find = (id: string) => tickets.find((ticket) => String(ticket.id) === id.replace(/\.json$/, ''));

  app.get<{ Querystring: { external_id?: string } }>('/api/v2/tickets.json', async ({ query }) => ({
    tickets: tickets.filter((ticket) => ticket.external_id === query.external_id).map((ticket) => shown(ticket, '')),
    next_page: null,
    previous_page: null,
    count: tickets.length,
  }));

  app.post<{ Body: Change }>('/api/v2/tickets.json', async ({ body, headers }, reply) => {
    const key = String(headers['idempotency-key'] ?? '');
    const before = remembered.get(key);
    if (before && before.asked !== JSON.stringify(body))
      return reply
        .code(400)
        .send({ error: 'IdempotentRequestError', description: 'Request parameters are not matching' });
    if (before) return reply.code(201).header('x-idempotency-lookup', 'hit').send(before.answer);
    const { comment, external_id = null, subject = '' } = body.ticket;
    if (!comment || Buffer.byteLength(comment.html_body ?? comment.body ?? '') > 65_536)
      return reply.code(422).send({ error: 'RecordInvalid', description: 'Record validation errors', details: {} });
    const ticket: Ticket = { id: 1_000 + tickets.length, external_id, subject, status: 'new', audits: [] };
    tickets.push(ticket);
    ledger.push({ kind: 'ticket', id: String(ticket.id), key: external_id });
    const answer = { ticket: shown(ticket, ''), audit: audit(ticket, body.ticket, true) };
    if (key) remembered.set(key, { asked: JSON.stringify(body), answer });
    return reply.code(201).header('x-idempotency-lookup', 'miss').send(answer);
  });

  app.get<{ Params: { id: string } }>('/api/v2/tickets/:id', async ({ params }, reply) => {
    const ticket = find(params.id);
    return ticket ? { ticket: shown(ticket, '') } : reply.code(404).send(notFound);
  });

  app.put<{ Params: { id: string }; Body: Change }>('/api/v2/tickets/:id', async ({ params, body }, reply) => {
    const ticket = find(params.id);
    if (!ticket) return reply.code(404).send(notFound);
    const { status, comment, metadata } = body.ticket;
    if (ticket.status === 'closed' || (status && !STATUSES.includes(status)))
      return reply.code(422).send({ error: 'RecordInvalid', description: 'Record validation errors' });
    ticket.status = status ?? ticket.status;
    const made = audit(ticket, body.ticket, false);
    if (comment) ledger.push({ kind: 'comment', id: String(made.id), key: JSON.stringify(metadata) });
    return { ticket: shown(ticket, ''), audit: made };
  });

  type Page = { Params: { id: string }; Querystring: { 'page[size]'?: string; 'page[after]'?: string } };
  app.get<Page>('/api/v2/tickets/:id/audits.json', async ({ params, query, headers }, reply) => {
    const ticket = find(params.id);
    if (!ticket) return reply.code(404).send(notFound);
    const start = Number(query['page[after]'] ?? 0);
    const end = start + Math.min(Number(query['page[size]'] ?? 100), pageSize);
    const next = `http://${headers.host}/api/v2/tickets/${ticket.id}/audits.json?page[after]=${end}&page[size]=${pageSize}`;
    const has_more = end < ticket.audits.length;
    return {
      audits: ticket.audits.slice(start, end),
      meta: { has_more, after_cursor: has_more ? String(end) : null, before_cursor: null },
      links: { next: has_more ? next : null, prev: null },
    };
  });

  return {
    ...(await listen(app)),
    faults,
    ledger,
    email,
    apiToken,
    /** What an agent writes in Zendesk's own interface. */
    agentComments: (id: string, text: string) => {
      const ticket = find(id);
      if (ticket) audit(ticket, { comment: { body: text, public: true } }, false);
    },
    closeForGood: (id: string) => {
      const ticket = find(id);
      if (ticket) ticket.status = 'closed';
    },
    texts: () =>
      tickets.flatMap(({ audits }) =>
        audits.flatMap(({ events }) => events.flatMap(({ html_body }) => html_body ?? [])),
      ),
    subjects: () => tickets.map(({ subject }) => subject),
  };
};
