import { plantFaults } from './faults.ts';
import { createServer, type Effect, listen } from './listen.ts';

// Shapes: developer.atlassian.com/cloud/jira/service-desk/rest/api-group-request (create, errors),
// developer.atlassian.com/cloud/jira/platform/rest/v3 — api-group-issue-search (search/jql, which lags), -issues,
// -issue-comments, transitions — and /cloud/jira/platform/rate-limiting (429 and its headers).

type Status = { name: string; statusCategory: { key: 'new' | 'indeterminate' | 'done' } };
type Comment = {
  id: string;
  body: object;
  created: string;
  jsdPublic: boolean;
  properties: { key: string; value: { internal?: boolean } }[];
};
type Issue = {
  key: string;
  visibleFrom: number;
  fields: { summary: string; description: object; labels: string[]; status: Status };
  comments: Comment[];
};

const WORKFLOW: Status[] = [
  { name: 'Waiting for support', statusCategory: { key: 'indeterminate' } },
  { name: 'Waiting for customer', statusCategory: { key: 'indeterminate' } },
  { name: 'Resolved', statusCategory: { key: 'done' } },
];
const problem = (...errorMessages: string[]) => ({ errorMessages, errors: {} });

/**
 * A Jira site with one service desk. A new request is found `lagMs` after it was made; a page holds `pageSize` comments,
 * whatever is asked for.
 */
export const startJira = async ({ email = 'bot@acme.test', apiToken = 'token', pageSize = 3, lagMs = 150 } = {}) => {
  const app = createServer();
  const issues: Issue[] = [];
  const ledger: Effect[] = [];
  let nextId = 10_000;

  const faults = plantFaults(app, {
    '401': { status: 401, body: problem('Client must be authenticated to access this resource.') },
    '403': { status: 403, body: problem('You do not have permission.') },
    '409': { status: 409, body: problem('The issue is being edited by somebody else.') },
    '429': {
      status: 429,
      headers: {
        'retry-after': '4',
        'x-ratelimit-limit': '350',
        'x-ratelimit-remaining': '0',
        'ratelimit-reason': 'jira-burst-based',
      },
      body: problem('Rate limit exceeded.'),
    },
    '503': { status: 503, headers: { 'retry-after': '1' }, body: problem('Temporarily unavailable') },
  });

  app.addHook('preHandler', async (request, reply) => {
    const expected = `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected)
      return reply.code(401).send(problem('Client must be authenticated to access this resource.'));
  });

  const find = (key: string) => issues.find((issue) => issue.key === key);
  const notFound = problem('Issue does not exist or you do not have permission to see it.');

  type NewRequest = {
    Body: {
      serviceDeskId: string;
      requestTypeId: string;
      isAdfRequest?: boolean;
      requestFieldValues: { summary: string; description: object; labels?: string[] };
    };
  };
  app.post<NewRequest>('/rest/servicedeskapi/request', async ({ body }, reply) => {
    const { serviceDeskId, requestTypeId, isAdfRequest, requestFieldValues } = body;
    const refuse = (errorMessage: string) =>
      reply.code(400).send({ errorMessage, i18nErrorMessage: { i18nKey: 'sd.request.create.error', parameters: [] } });
    if (serviceDeskId !== '1' || requestTypeId !== '7') return refuse('The request type does not exist.');
    if (!isAdfRequest || !isDocument(requestFieldValues.description))
      return refuse('description: Operation value must be an ADF document');
    if (JSON.stringify(requestFieldValues.description).length > 100_000 || requestFieldValues.summary.length > 255)
      return refuse('The entered text is too long. It exceeds the allowed limit of 32,767 characters.');
    const { summary, description, labels = [] } = requestFieldValues;
    const [status = WORKFLOW[0]] = WORKFLOW;
    if (!status) return refuse('no workflow');
    const key = `SUP-${issues.length + 1}`;
    issues.push({
      key,
      visibleFrom: Date.now() + lagMs,
      fields: { summary, description, labels, status },
      comments: [],
    });
    ledger.push({ kind: 'request', id: key, key: labels[0] ?? null });
    return reply.code(201).send({
      issueId: String(nextId++),
      issueKey: key,
      requestTypeId,
      serviceDeskId,
      currentStatus: { status: status.name, statusCategory: 'INDETERMINATE' },
    });
  });

  app.get<{ Querystring: { jql: string } }>('/rest/api/3/search/jql', async ({ query }, reply) => {
    const [, label] = /^labels = "([^"]+)" ORDER BY created ASC$/.exec(query.jql) ?? [];
    if (!label) return reply.code(400).send(problem('Error in the JQL Query'));
    const found = issues.filter(
      ({ fields, visibleFrom }) => fields.labels.includes(label) && visibleFrom <= Date.now(),
    );
    return {
      issues: found.map(({ key, fields }) => ({ id: key, key, fields: { status: fields.status } })),
      isLast: true,
    };
  });

  app.get<{ Params: { key: string } }>('/rest/api/3/issue/:key', async ({ params }, reply) => {
    const issue = find(params.key);
    return issue ? { id: issue.key, key: issue.key, fields: issue.fields } : reply.code(404).send(notFound);
  });

  app.get<{ Params: { key: string } }>('/rest/api/3/issue/:key/transitions', async ({ params }, reply) => {
    const issue = find(params.key);
    if (!issue) return reply.code(404).send(notFound);
    const reachable = WORKFLOW.filter(({ name }) => name !== issue.fields.status.name);
    return { transitions: reachable.map((to) => ({ id: String(WORKFLOW.indexOf(to)), name: `To ${to.name}`, to })) };
  });

  type Transition = { Params: { key: string }; Body: { transition: { id: string } } };
  app.post<Transition>('/rest/api/3/issue/:key/transitions', async ({ params, body }, reply) => {
    const issue = find(params.key);
    const status = WORKFLOW[Number(body.transition.id)];
    if (!issue || !status) return reply.code(issue ? 400 : 404).send(notFound);
    issue.fields.status = status;
    return reply.code(204).send();
  });

  const add = (issue: Issue, body: object, properties: Comment['properties']): Comment => {
    const internal = properties.some(({ key, value }) => key === 'sd.public.comment' && value.internal);
    const comment = { id: String(nextId++), body, created: new Date().toISOString(), jsdPublic: !internal, properties };
    issue.comments.push(comment);
    return comment;
  };

  type NewComment = { Params: { key: string }; Body: { body: object; properties?: Comment['properties'] } };
  app.post<NewComment>('/rest/api/3/issue/:key/comment', async ({ params, body }, reply) => {
    const issue = find(params.key);
    if (!issue) return reply.code(404).send(notFound);
    if (!isDocument(body.body)) return reply.code(400).send(problem('Comment body is not valid!'));
    const comment = add(issue, body.body, body.properties ?? []);
    ledger.push({ kind: 'comment', id: comment.id, key: JSON.stringify(comment.properties) });
    return reply.code(201).send({ ...comment, properties: undefined });
  });

  type Page = { Params: { key: string }; Querystring: { startAt?: string; maxResults?: string; expand?: string } };
  app.get<Page>('/rest/api/3/issue/:key/comment', async ({ params, query }, reply) => {
    const issue = find(params.key);
    if (!issue) return reply.code(404).send(notFound);
    const startAt = Number(query.startAt ?? 0);
    const maxResults = Math.min(Number(query.maxResults ?? 50), pageSize);
    const page = issue.comments.slice(startAt, startAt + maxResults);
    const comments = query.expand === 'properties' ? page : page.map(({ properties: _, ...comment }) => comment);
    return { startAt, maxResults, total: issue.comments.length, comments };
  });

  return {
    ...(await listen(app)),
    faults,
    ledger,
    email,
    apiToken,
    /** What an agent writes in Jira. */
    agentComments: (key: string, text: string) => {
      const issue = find(key);
      const paragraph = { type: 'paragraph', content: [{ type: 'text', text }] };
      if (issue) add(issue, { version: 1, type: 'doc', content: [paragraph] }, []);
    },
    texts: () =>
      issues.flatMap(({ fields, comments }) =>
        [fields.description, ...comments.map(({ body }) => body)].map((doc) => JSON.stringify(doc)),
      ),
    subjects: () => issues.map(({ fields }) => fields.summary),
  };
};

/** Empty text nodes and stray line breaks in them are what Jira's validator refuses most. */
const isDocument = (value: unknown): boolean => {
  const text = JSON.stringify(value);
  return text?.startsWith('{"version":1,"type":"doc"') && !/"text":""|"text":"[^"]*\\n/.test(text);
};
