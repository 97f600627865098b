import { randomUUID } from 'node:crypto';
import { plantFaults, SLOW_MS } from './faults.ts';
import { createServer, type Effect, listen } from './listen.ts';

// Shapes: developers.hubspot.com/docs/api-reference/crm-objects-v3/guide (records by unique property),
// …/crm-notes-v3/guide (notes, association type 202), …/error-handling (bodies), and
// developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines (429 and its headers).

type Properties = Record<string, string | null>;
type Stored = { id: string; properties: Properties; createdAt: string; updatedAt: string };

const problem = (category: string, message: string) => ({
  status: 'error',
  message,
  correlationId: randomUUID(),
  category,
});

/** A HubSpot account: contacts, and notes with a unique property `duradesk_key`. */
export const startHubSpot = async ({ accessToken = 'pat-test', slowMs = SLOW_MS } = {}) => {
  const app = createServer();
  const records: Record<string, Stored[]> = { contacts: [], notes: [] };
  const unique: Record<string, string[]> = { contacts: ['email', 'customer_id'], notes: ['duradesk_key'] };
  const ledger: Effect[] = [];

  const faults = plantFaults(
    app,
    {
      '401': { status: 401, body: problem('INVALID_AUTHENTICATION', 'Authentication credentials not found.') },
      '403': { status: 403, body: problem('MISSING_SCOPES', 'This app has not been granted all required scopes') },
      '409': { status: 409, body: problem('CONFLICT', 'Another write is in progress') },
      '429': {
        status: 429,
        headers: { 'x-hubspot-ratelimit-interval-milliseconds': '10000', 'retry-after': '2' },
        body: {
          ...problem('RATE_LIMITS', 'You have reached your ten_secondly_rolling limit.'),
          errorType: 'RATE_LIMIT',
          policyName: 'TEN_SECONDLY_ROLLING',
        },
      },
      '500': { status: 500, body: problem('INTERNAL_ERROR', 'internal error') },
    },
    undefined,
    slowMs,
  );

  app.addHook('preHandler', async (request, reply) => {
    if (request.headers.authorization === `Bearer ${accessToken}`) return;
    return reply.code(401).send(problem('INVALID_AUTHENTICATION', 'Authentication credentials not found.'));
  });

  type ById = {
    Params: { type: string; id: string };
    Querystring: { idProperty?: string; properties?: string | string[] };
  };
  app.get<ById>('/crm/v3/objects/:type/:id', async ({ params: { type, id }, query }, reply) => {
    const by = query.idProperty;
    if (by && !unique[type]?.includes(by))
      return reply.code(400).send(problem('VALIDATION_ERROR', `${by} is not a unique property`));
    const found = records[type]?.find((record) => (by ? record.properties[by] === id : record.id === id));
    if (!found) return reply.code(404).send(problem('OBJECT_NOT_FOUND', 'resource not found'));
    const asked = [query.properties ?? []].flat().flatMap((names) => names.split(','));
    const properties = Object.fromEntries(
      asked.flatMap((name) => (name in found.properties ? [[name, found.properties[name]]] : [])),
    );
    return { ...found, properties: { hs_object_id: found.id, ...properties }, archived: false };
  });

  type NewNote = {
    Body: { properties: Properties; associations: { to: { id: string }; types: { associationTypeId: number }[] }[] };
  };
  app.post<NewNote>('/crm/v3/objects/notes', async ({ body }, reply) => {
    const { properties, associations } = body;
    const [association] = associations;
    if (!properties.hs_timestamp || (properties.hs_note_body ?? '').length > 65_536)
      return reply.code(400).send(problem('VALIDATION_ERROR', 'Property values were not valid'));
    if (
      association?.types[0]?.associationTypeId !== 202 ||
      !records.contacts?.some(({ id }) => id === association.to.id)
    )
      return reply.code(404).send(problem('OBJECT_NOT_FOUND', 'the object to associate does not exist'));
    const key = properties.duradesk_key ?? null;
    if (key && records.notes?.some((note) => note.properties.duradesk_key === key))
      return reply.code(409).send(problem('CONFLICT', 'a record already has that value for duradesk_key'));
    const note = store('notes', properties);
    ledger.push({ kind: 'note', id: note.id, key });
    return reply.code(201).send({ ...note, archived: false });
  });

  const store = (type: string, properties: Properties): Stored => {
    const now = new Date().toISOString();
    const record = { id: String(50_000 + (records[type]?.length ?? 0)), properties, createdAt: now, updatedAt: now };
    records[type]?.push(record);
    return record;
  };

  return {
    ...(await listen(app)),
    faults,
    ledger,
    accessToken,
    addContact: (properties: Properties) => store('contacts', properties).id,
    notes: () => (records.notes ?? []).map(({ properties }) => properties.hs_note_body ?? ''),
  };
};
