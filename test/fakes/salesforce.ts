import { plantFaults } from './faults.ts';
import { createServer, type Effect, listen } from './listen.ts';
import { parseSoql } from './soql.ts';

// Shapes: developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest — resources_query.htm (nextRecordsUrl),
// dome_upsert.htm (201 created, 200 updated), errorcodes.htm (a list of message and errorCode) — and
// help.salesforce.com "OAuth 2.0 Refresh Token Flow" (access_token, instance_url; invalid_grant).

type Row = Record<string, unknown> & { Id: string };

const problem = (errorCode: string, message: string) => [{ message, errorCode }];
const PREFIX: Record<string, string> = { Contact: '003', Case: '500', CaseComment: '00a', Task: '00T' };
const COLUMNS: Record<string, string[]> = {
  Contact: ['Id', 'Name', 'Email', 'Customer_Id__c', 'Language__c', 'Tier__c', 'Shoe_Size__c', 'Note__c'],
  Case: [
    'Id',
    'Subject',
    'Description',
    'Status',
    'IsClosed',
    'Origin',
    'SuppliedName',
    'SuppliedEmail',
    'Duradesk_Key__c',
  ],
  CaseComment: ['Id', 'ParentId', 'CommentBody', 'IsPublished', 'CreatedDate'],
  Task: ['Id', 'WhoId', 'Subject', 'Description', 'ActivityDate', 'Status'],
};
const LIMITS: Record<string, number> = { Description: 32_000, CommentBody: 4_000, Subject: 255, SuppliedName: 80 };
const CLOSED = 'Closed';

/** A Salesforce org with a connected app. Access tokens live until `expireTokens`; a query answers `pageSize` rows a page. */
export const startSalesforce = async ({
  clientId = 'app',
  clientSecret = 'secret',
  refreshToken = 'refresh',
  pageSize = 3,
} = {}) => {
  const app = createServer();
  const tables: Record<string, Row[]> = { Contact: [], Case: [], CaseComment: [], Task: [] };
  const cursors = new Map<string, Row[]>();
  const ledger: Effect[] = [];
  const tokens = new Set<string>();
  let signIns = 0;
  let made = 0;
  let born = 'token';

  const faults = plantFaults(
    app,
    {
      '401': { status: 401, body: problem('INVALID_SESSION_ID', 'Session expired or invalid') },
      '403': { status: 403, body: problem('INSUFFICIENT_ACCESS', 'insufficient access rights') },
      '409': { status: 409, body: problem('CONFLICT', 'The request could not be completed') },
      // Salesforce's limit of API calls is not a 429.
      '429': { status: 403, body: problem('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.') },
      '500': { status: 500, body: problem('UNKNOWN_EXCEPTION', 'An unexpected error occurred.') },
      '503': { status: 503, body: problem('SERVER_UNAVAILABLE', 'The servers are too busy.') },
    },
    (method, url) => method !== 'GET' && !url.startsWith('/services/oauth2'),
  );

  app.post<{ Body: Record<string, string> }>('/services/oauth2/token', async ({ body, headers }, reply) => {
    signIns++;
    if (body.client_id !== clientId || body.client_secret !== clientSecret)
      return reply.code(400).send({ error: 'invalid_client', error_description: 'invalid client credentials' });
    if (body.grant_type === 'refresh_token' && body.refresh_token !== refreshToken)
      return reply.code(400).send({ error: 'invalid_grant', error_description: 'expired access/refresh token' });
    const access_token = `${born}${signIns}`;
    tokens.add(access_token);
    const instance_url = `http://${headers.host}`;
    return {
      access_token,
      instance_url,
      id: `${instance_url}/id/00D/005`,
      token_type: 'Bearer',
      issued_at: '1',
      signature: 's',
    };
  });

  app.addHook('preHandler', async (request, reply) => {
    if (request.url.startsWith('/services/oauth2')) return;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (!tokens.has(token)) return reply.code(401).send(problem('INVALID_SESSION_ID', 'Session expired or invalid'));
  });

  const insert = (object: string, values: Record<string, unknown>): Row => {
    const Id = `${PREFIX[object]}${String(++made).padStart(15, '0')}`;
    const row = { Status: 'New', IsClosed: false, ...values, Id, CreatedDate: new Date(made * 1_000).toISOString() };
    tables[object]?.push(row);
    return row;
  };

  const invalid = (object: string, values: Record<string, unknown>): string | null => {
    const [unknown] = Object.keys(values).filter((field) => !COLUMNS[object]?.includes(field));
    if (unknown) return `No such column '${unknown}' on sobject of type ${object}`;
    const [long] = Object.entries(values).filter(
      ([field, value]) => Buffer.byteLength(String(value)) > (LIMITS[field] ?? 1e9),
    );
    if (long) return `${long[0]}: data value too large`;
    const parent = values.ParentId ?? values.WhoId;
    const known = Object.values(tables)
      .flat()
      .some(({ Id }) => Id === parent);
    return parent === undefined || known ? null : `invalid cross reference id`;
  };

  const answerPage = (rows: Row[]) => {
    const rest = rows.slice(pageSize);
    const locator = `01g${cursors.size}-${pageSize}`;
    if (rest.length > 0) cursors.set(locator, rest);
    return {
      totalSize: rows.length,
      done: rest.length === 0,
      ...(rest.length > 0 && { nextRecordsUrl: `/services/data/v62.0/query/${locator}` }),
      records: rows.slice(0, pageSize),
    };
  };

  app.get<{ Querystring: { q: string } }>('/services/data/:version/query', async ({ query }, reply) => {
    const asked = parseSoql(query.q);
    if (!asked) return reply.code(400).send(problem('MALFORMED_QUERY', 'unexpected token'));
    const [unknown] = asked.columns.filter((column) => !COLUMNS[asked.object]?.includes(column));
    if (unknown) return reply.code(400).send(problem('INVALID_FIELD', `No such column '${unknown}'`));
    const same = (left: unknown, right: string) => String(left ?? '').toLowerCase() === right.toLowerCase();
    const rows = (tables[asked.object] ?? []).filter((row) =>
      asked.where.every(([field, value]) => same(row[field], value)),
    );
    return answerPage(
      rows.slice(0, asked.limit).map((row) => ({
        attributes: { type: asked.object, url: `/services/data/v62.0/sobjects/${asked.object}/${row.Id}` },
        ...Object.fromEntries(asked.columns.map((column) => [column, row[column] ?? null])),
        Id: row.Id,
      })),
    );
  });

  app.get<{ Params: { locator: string } }>('/services/data/:version/query/:locator', async ({ params }, reply) => {
    const rows = cursors.get(params.locator);
    return rows ? answerPage(rows) : reply.code(400).send(problem('INVALID_QUERY_LOCATOR', 'invalid query locator'));
  });

  type Create = { Params: { object: string }; Body: Record<string, unknown> };
  app.post<Create>('/services/data/:version/sobjects/:object', async ({ params: { object }, body }, reply) => {
    const wrong = invalid(object, body);
    if (wrong) return reply.code(400).send(problem('INVALID_FIELD', wrong));
    const { Id } = insert(object, body);
    ledger.push({ kind: object, id: Id, key: null });
    return reply.code(201).send({ id: Id, success: true, errors: [] });
  });

  type Upsert = { Params: { object: string; field: string; value: string }; Body: Record<string, unknown> };
  app.patch<Upsert>('/services/data/:version/sobjects/:object/:field/:value', async ({ params, body }, reply) => {
    const { object, field, value } = params;
    const wrong = invalid(object, body);
    if (wrong) return reply.code(400).send(problem('INVALID_FIELD', wrong));
    const found = tables[object]?.find((row) => row[field] === value);
    if (found) return { id: Object.assign(found, body).Id, success: true, errors: [], created: false };
    const { Id } = insert(object, { ...body, [field]: value });
    ledger.push({ kind: object, id: Id, key: value });
    return reply.code(201).send({ id: Id, success: true, errors: [], created: true });
  });

  type Update = { Params: { object: string; id: string }; Body: Record<string, unknown> };
  app.patch<Update>('/services/data/:version/sobjects/:object/:id', async ({ params: { object, id }, body }, reply) => {
    const found = tables[object]?.find(({ Id }) => Id === id);
    if (!found) return reply.code(404).send(problem('NOT_FOUND', 'The requested resource does not exist'));
    const wrong = invalid(object, body);
    if (wrong) return reply.code(400).send(problem('INVALID_FIELD', wrong));
    Object.assign(found, body, { IsClosed: (body.Status ?? found.Status) === CLOSED });
    return reply.code(204).send();
  });

  return {
    ...(await listen(app)),
    faults,
    ledger,
    clientId,
    clientSecret,
    refreshToken,
    add: (object: string, values: Record<string, unknown>) => insert(object, values).Id,
    rows: (object: string) => tables[object] ?? [],
    expireTokens: () => tokens.clear(),
    /** From now on tokens are handed out, and none of them works. */
    breakTokens: () => {
      tokens.clear();
      born = 'dead';
      tokens.add = () => tokens;
    },
    signIns: () => signIns,
  };
};
