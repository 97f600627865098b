import { stringify } from 'yaml';
import { plantFaults } from './faults.ts';
import { createServer, type Effect, listen } from './listen.ts';

const KEY = 'shop-key-sEcReT';

/** What its document says: parameters in all places, a body to spread, one that cannot be, shared and recursive schemas. */
export const shopDocument = {
  openapi: '3.0.3',
  info: { title: 'Shop', version: '1' },
  servers: [{ url: '/api' }],
  paths: {
    '/customers/{customerId}/orders/{number}': {
      parameters: [{ $ref: '#/components/parameters/customerId' }],
      get: {
        operationId: 'getOrder',
        summary: 'Looks up one order.',
        description: 'Hidden\u200b: none.',
        parameters: [
          { name: 'number', in: 'path', required: true, schema: { type: 'string' } },
          {
            name: 'fields',
            in: 'query',
            schema: { type: 'array', items: { type: 'string', enum: ['items', 'status'] } },
          },
          { name: 'X-Locale', in: 'header', schema: { type: 'string', nullable: true } },
        ],
        responses: { 200: { description: 'the order' } },
      },
    },
    '/refunds': {
      post: {
        operationId: 'refund',
        summary: 'Refunds an order.',
        parameters: [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string' } }],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Refund' } } },
        },
        responses: { 200: { description: 'done' } },
      },
    },
    '/any': {
      post: {
        operationId: 'either',
        requestBody: {
          content: {
            'application/json': { schema: { oneOf: [{ type: 'object', properties: { a: { type: 'string' } } }] } },
          },
        },
        responses: { 200: { description: 'done' } },
      },
    },
    '/tree': {
      post: {
        operationId: 'tree',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } } },
        responses: { 200: { description: 'done' } },
      },
    },
    '/upload': {
      post: {
        operationId: 'upload',
        requestBody: { content: { 'multipart/form-data': { schema: { type: 'object' } } } },
        responses: { 200: { description: 'done' } },
      },
    },
  },
  components: {
    parameters: { customerId: { name: 'customerId', in: 'path', required: true, schema: { type: 'string' } } },
    schemas: {
      Money: { type: 'number', minimum: 0, exclusiveMinimum: true },
      Refund: {
        type: 'object',
        properties: { number: { type: 'string' }, amount: { $ref: '#/components/schemas/Money' } },
        required: ['number', 'amount'],
      },
      Node: { type: 'object', properties: { child: { $ref: '#/components/schemas/Node' } } },
    },
  },
};

/** A shop's HTTP API with its document, which repeats what it was asked. Refunds take a key and happen once for each. */
export const startShopApi = async () => {
  const app = createServer();
  const ledger: Effect[] = [];
  let documents = 0;
  let answer: { status: number; type: string; text: string } | undefined;
  const faults = plantFaults(app, {});

  app.addHook('preHandler', async (request, reply) => {
    if (request.url.startsWith('/api') && request.headers.authorization !== `Bearer ${KEY}`)
      return reply.code(401).send({ message: 'wrong key' });
    if (request.url.startsWith('/api') && answer) return reply.code(answer.status).type(answer.type).send(answer.text);
  });
  app.get('/openapi.yaml', async (_request, reply) => {
    documents++;
    return reply.type('application/yaml').send(stringify(shopDocument));
  });
  app.get('/api/customers/:customerId/orders/:number', async ({ params, query, headers }) => ({
    params,
    query,
    locale: headers['x-locale'] ?? null,
  }));
  app.post('/api/refunds', async ({ headers, body }) => {
    const key = String(headers['idempotency-key']);
    if (!ledger.some((effect) => effect.key === key)) ledger.push({ kind: 'refund', id: `${ledger.length}`, key });
    return { refunded: body };
  });
  app.post('/api/any', async ({ body }) => ({ body: body ?? null }));

  return {
    ...(await listen(app)),
    key: KEY,
    ledger,
    faults,
    documents: () => documents,
    /** Makes every call be answered like this until it is called with nothing. */
    answers: (wanted?: { status: number; type: string; text: string }) => {
      answer = wanted;
    },
  };
};
