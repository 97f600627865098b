import { z } from 'zod';
import { once, type Patience, portableKey } from '../once.ts';
import { outgoing, outgoingLine } from '../outgoing-text.ts';
import { orNull, RemoteRefused } from '../remote-api.ts';
import { createJiraClient, type JiraConnection } from './jira-client.ts';
import { toDocument, toText } from './jira-document.ts';
import { incoming, MAX_COMMENTS, MAX_SUBJECT, MAX_TEXT_BYTES } from './ticket-text.ts';
import type { Ticket, TicketComment, Ticketing, TicketStatus } from './ticketing.ts';

/** The property of a comment that holds its key. */
const KEY = 'duradesk';

/** New requests take a second or two to be found; after an unknown outcome this long is worth one ticket instead of two. */
const PATIENCE: Patience = [1_000, 2_000, 4_000];

export type JiraOptions = JiraConnection & {
  serviceDeskId: string;
  /** Its form must have the field Labels, which carries the key. It may be hidden. */
  requestTypeId: string;
  /** Names of the workflow's statuses. */
  statuses: Record<TicketStatus, string>;
  patience?: Patience;
};

const status = z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) });
const issue = z.object({ key: z.string(), fields: z.object({ status }) });
const found = z.object({ issues: z.array(issue) });
const created = z.object({ issueKey: z.string() });
const comment = z.object({
  id: z.string(),
  body: z.unknown(),
  created: z.string(),
  jsdPublic: z.boolean().default(true),
  properties: z.array(z.object({ key: z.string(), value: z.unknown() })).default([]),
});
const comments = z.object({ startAt: z.number(), total: z.number(), comments: z.array(comment) });
const transitions = z.object({
  transitions: z.array(z.object({ id: z.string(), to: z.object({ name: z.string() }) })),
});

/**
 * Jira Service Management (Cloud). It knows no idempotency key: a request carries its key as a label, and a comment as a
 * property that is written with it. Comments are listed without delay; requests are searched, which lags.
 */
export const createJiraTicketing = (options: JiraOptions): Ticketing => {
  const { baseUrl, serviceDeskId, requestTypeId, statuses, patience = PATIENCE } = options;
  const jira = createJiraClient(options);

  const toTicket = ({ key, fields }: z.infer<typeof issue>): Ticket => ({
    id: key,
    status: toStatus(fields.status, statuses),
    url: new URL(`/browse/${key}`, baseUrl).href,
  });

  const find = async (label: string): Promise<Ticket | null> => {
    const query = { jql: `labels = "${label}" ORDER BY created ASC`, fields: 'status', maxResults: '1' };
    const [first] = (await jira.get('/rest/api/3/search/jql', query, found)).issues;
    return first ? toTicket(first) : null;
  };

  const readComments = async (id: string): Promise<TicketComment[]> => {
    const read: TicketComment[] = [];
    while (read.length < MAX_COMMENTS) {
      const query = { startAt: String(read.length), maxResults: '100', orderBy: 'created', expand: 'properties' };
      const { comments: some, total } = await jira.get(`${issuePath(id)}/comment`, query, comments);
      read.push(...some.map(toComment));
      if (some.length === 0 || read.length >= total) break;
    }
    return read;
  };

  const open = async (label: string, summary: string, text: string): Promise<Ticket> => {
    const body = {
      serviceDeskId,
      requestTypeId,
      isAdfRequest: true,
      requestFieldValues: { summary, description: toDocument(text), labels: [label] },
    };
    const { issueKey } = await jira.post('/rest/servicedeskapi/request', body, created);
    return { id: issueKey, status: 'open', url: new URL(`/browse/${issueKey}`, baseUrl).href };
  };

  return {
    open({ key, subject, text, requester }) {
      const label = labelOf(key);
      const from = requester ? `From: ${outgoingLine(`${requester.name ?? ''} ${requester.email}`, 200)}\n\n` : '';
      const create = () => open(label, outgoingLine(subject, MAX_SUBJECT), outgoing(`${from}${text}`, MAX_TEXT_BYTES));
      return once(() => find(label), create, patience);
    },

    find: (key) => find(labelOf(key)),

    async get(id) {
      if (!isId(id)) return null;
      const read = await orNull(jira.get(issuePath(id), { fields: 'status' }, issue));
      return read && toTicket(read);
    },

    comment(id, { key, text, public: isPublic }) {
      const mark = portableKey(key);
      const look = async () => (await readComments(id)).find(({ ours }) => ours === mark)?.id ?? null;
      const add = async () => {
        const properties = [
          { key: KEY, value: { key: mark } },
          ...(isPublic ? [] : [{ key: 'sd.public.comment', value: { internal: true } }]),
        ];
        const body = { body: toDocument(outgoing(text, MAX_TEXT_BYTES)), properties };
        return (await jira.post(`${issuePath(id)}/comment`, body, z.object({ id: z.string() }))).id;
      };
      return once(look, add);
    },

    comments: readComments,

    async setStatus(id, wanted) {
      const read = await jira.get(issuePath(id), { fields: 'status' }, issue);
      if (read.fields.status.name === statuses[wanted]) return;
      const offered = await jira.get(`${issuePath(id)}/transitions`, {}, transitions);
      const transition = offered.transitions.find(({ to }) => to.name === statuses[wanted]);
      if (!transition)
        throw new RemoteRefused(`Jira: no transition leads to "${statuses[wanted]}"; add one to the workflow`, 0);
      await jira.post(`${issuePath(id)}/transitions`, { transition: { id: transition.id } }, z.null());
    },
  };
};

const labelOf = (key: string): string => `duradesk-${portableKey(key)}`;

const toComment = ({ id, body, created: at, jsdPublic, properties }: z.infer<typeof comment>): TicketComment => {
  const mark = z.object({ key: z.string() }).safeParse(properties.find(({ key }) => key === KEY)?.value);
  return { id, ours: mark.data?.key ?? null, text: incoming(toText(body).trimEnd()), public: jsdPublic, at };
};

const toStatus = (
  { name, statusCategory }: z.infer<typeof status>,
  names: Record<TicketStatus, string>,
): TicketStatus => {
  if (statusCategory.key === 'done') return 'solved';
  return name === names.pending ? 'pending' : 'open';
};

const isId = (id: string): boolean => /^[A-Z][A-Z0-9_]{1,99}-\d{1,15}$/.test(id);

const issuePath = (id: string): string => {
  if (isId(id)) return `/rest/api/3/issue/${id}`;
  throw new RemoteRefused('Jira: a ticket id is an issue key like SUP-12', 404);
};
