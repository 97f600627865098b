import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { LoadedPlaybook } from '../../../contracts/playbook.ts';
import { createToolPolicy, type ToolPolicy } from '../../../integrations/tool-policy.ts';
import { createToolProviders } from '../../../integrations/tool-providers.ts';
import type { ToolProvider } from '../../../integrations/tools.ts';
import { sampleOrders } from '../../../local/acme/sample-orders.ts';
import { seedAcme } from '../../../local/acme/seed.ts';
import { loadPlaybook } from '../../../playbook.ts';

const server = process.env.TEST_DATABASE_URL;
if (!server) throw new Error('TEST_DATABASE_URL is not set: run through npm test, which provisions Postgres');

const name = `acme_${randomBytes(6).toString('hex')}`;
const url = new URL(server);
url.pathname = `/${name}`;
const databaseUrl = url.href;

const on = async (address: string, statement: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
};

/** The day of seeding: midnight may pass while the tests run. */
let seededOn = 0;
const day = (offset: number): string => new Date(seededOn + offset * 86_400_000).toISOString().slice(0, 10);

let company: LoadedPlaybook;
let provider: ToolProvider;
let policy: ToolPolicy;

beforeAll(async () => {
  await on(server, `create database ${name}`);
  await seedAcme({ databaseUrl });
  const [seeding] = await on(databaseUrl, `select seeded_on::text from acme.seeding`);
  seededOn = Date.parse(String(seeding?.seeded_on));
  company = await loadPlaybook('local/acme');
  const [shop] = createToolProviders(company.playbook.providers, {
    folder: 'local/acme',
    settings: { DATABASE_URL: databaseUrl },
  });
  if (!shop) throw new Error('the sample playbook lists no provider');
  provider = shop;
  policy = createToolPolicy(company.playbook.tools, new Map([['shop', await provider.list()]]));
});
afterAll(async () => {
  await provider?.close();
  await on(server, `drop database ${name} with (force)`);
});

/** As the engine will: the model's text through the policy, then to the shop. */
const ask = async (tool: string, text: string, customerId: string | null = 'cus_ada') => {
  const built = policy.buildArguments(tool, text, { customerId, conversationId: 'cnv_1', effectKey: 'key-1' });
  if (!built.ok) return built.reason;
  const { ok, content } = await provider.call(tool, built.args, new AbortController().signal, built.tool.timeout);
  return { ok, ...JSON.parse(content) };
};

describe('the sample shop through its MCP server', () => {
  test('offers what the playbook lists, and the model is shown no customer', () => {
    expect(policy.missing).toEqual([]);
    const described = policy.describe({ customerId: 'cus_ada', conversationId: 'cnv_1' });
    expect(described.map(({ name }) => name)).toEqual([
      'get_order',
      'list_orders',
      'get_return_eligibility',
      'change_delivery_address',
      'request_refund',
    ]);
    expect(JSON.stringify(described.map(({ parameters }) => parameters))).not.toMatch(/customerId|requestId/);
    expect(described[0]?.parameters).toMatchObject({
      properties: { orderNumber: { type: 'string', pattern: '^\\d{4,6}$' } },
      required: ['orderNumber'],
      additionalProperties: false,
    });
  });

  test('tells where order 1042 is', async () => {
    expect(await ask('get_order', '{"orderNumber":"1042"}')).toEqual({
      ok: true,
      number: '1042',
      status: 'shipped',
      placedOn: day(-3),
      shippedOn: day(-1),
      eta: day(2),
      carrier: 'Northline Parcel',
      tracking: 'NLP48210977IE',
      trackingUrl: 'https://fernhill.example/track/NLP48210977IE',
      items: [
        { name: 'Fernhill Ridge 2 tent', quantity: 1, price: '349.00' },
        { name: 'Ridge 2 footprint', quantity: 1, price: '39.00' },
      ],
      total: '388.00',
      currency: 'EUR',
    });
  });

  test('what is not known yet is absent', async () => {
    const order = await ask('get_order', '{"orderNumber":"1045"}');
    expect(Object.keys(order)).toEqual(['ok', 'number', 'status', 'placedOn', 'items', 'total', 'currency']);
  });

  test("another customer's order is answered like one that does not exist", async () => {
    for (const tool of ['get_order', 'get_return_eligibility']) {
      const foreign = await ask(tool, '{"orderNumber":"1042"}', 'cus_ben');
      expect(foreign).toEqual({ ok: true, error: 'not_found' });
      expect(await ask(tool, '{"orderNumber":"999999"}', 'cus_ben')).toEqual(foreign);
      expect(await ask(tool, '{"orderNumber":"1042"}', 'cus_nobody')).toEqual(foreign);
    }
  });

  test('the model cannot name the customer, and a visitor has no orders', async () => {
    expect(await ask('get_order', '{"orderNumber":"1042","customerId":"cus_ada"}', 'cus_ben')).toBe('bad_arguments');
    expect(await ask('get_order', '{"orderNumber":"1042"}', null)).toBe('not_allowed');
  });

  test('lists the orders of the customer and of nobody else, newest first', async () => {
    const { orders } = await ask('list_orders', '');
    expect(orders.map(({ number }: { number: string }) => number)).toEqual(['1045', '1042', '1031', '1027']);
    expect(await ask('list_orders', '{}', 'cus_nobody')).toEqual({ ok: true, orders: [] });
  });

  test('says what can be returned, until when and why not', async () => {
    expect(await ask('get_return_eligibility', '{"orderNumber":"1031"}')).toEqual({
      ok: true,
      number: '1031',
      status: 'delivered',
      eligible: true,
      items: [
        { name: 'Fernhill Bramble 22 daypack', quantity: 1, returnable: true, until: day(48) },
        { name: 'Gas cartridge 230 g', quantity: 2, returnable: false, reason: 'final_sale' },
      ],
    });
    expect(await ask('get_return_eligibility', '{"orderNumber":"1024"}', 'cus_grace')).toMatchObject({
      eligible: false,
      items: [{ reason: 'window_over', until: day(-13) }],
    });
  });
});

describe('what the shop does', () => {
  const call = async (tool: string, args: object, customerId = 'cus_ada') => {
    const { ok, content } = await provider.call(tool, { customerId, ...args }, new AbortController().signal, 5_000);
    return { ok, ...JSON.parse(content) };
  };
  const refund = (requestId: string, amount: number, orderNumber = '1031') =>
    call('request_refund', { requestId, orderNumber, amount });

  test('is done once under one request id, however often and at once it is asked', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund('request-1', 10)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ ok: true, orderNumber: '1031', amount: '10.00', currency: 'EUR' });
    const address = '9 Quay Street, H91 AAAA Galway, Ireland';
    const change = { requestId: 'request-2', orderNumber: '1045', address };
    expect(await call('change_delivery_address', change)).toEqual({
      ok: true,
      orderNumber: '1045',
      newAddress: address,
    });
    expect(await call('change_delivery_address', { ...change, address: 'Somewhere else 1, Galway' })).toMatchObject({
      newAddress: address,
    });
    expect(await on(databaseUrl, 'select count(*)::int from acme.address_changes')).toEqual([{ count: 1 }]);
  });

  test('is never more than was paid, also in pieces at the same moment', async () => {
    const pieces = await Promise.all(Array.from({ length: 5 }, (_, i) => refund(`piece-00${i}`, 30)));
    expect(pieces.filter(({ ok }) => ok)).toHaveLength(2);
    expect(pieces.find(({ ok }) => !ok)).toMatchObject({ error: 'more_than_paid', currency: 'EUR' });
    expect(await refund('request-3', 10, '9999')).toMatchObject({ ok: false, error: 'not_found' });
    expect(await refund('request-4', 10, '1033')).toMatchObject({ ok: false, error: 'not_found' });
  });

  test('can be taken back in time by its own customer, and then there is as much to refund as before', async () => {
    const { refundId } = await refund('request-5', 100, '1042');
    expect(await call('cancel_refund', { requestId: 'request-6', refundId }, 'cus_ben')).toMatchObject({
      error: 'not_found',
    });
    const taken = { ok: true, cancelledRefund: refundId, orderNumber: '1042', amount: '100.00', currency: 'EUR' };
    expect(await call('cancel_refund', { requestId: 'request-6', refundId })).toEqual(taken);
    expect(await call('cancel_refund', { requestId: 'request-6', refundId })).toEqual(taken);
    expect(await refund('request-7', 388, '1042')).toMatchObject({ ok: true });
    await on(databaseUrl, `update acme.refunds set created_at = now() - interval '2 hours'`);
    const { refundId: late } = await refund('request-7', 388, '1042');
    expect(await call('cancel_refund', { requestId: 'request-8', refundId: late })).toMatchObject({
      error: 'paid_out',
    });
  });

  test('stops where the help article says: a packed order keeps its address', async () => {
    const change = { requestId: 'request-9', orderNumber: '1042', address: '9 Quay Street, Galway' };
    expect(await call('change_delivery_address', change)).toMatchObject({ ok: false, error: 'too_late' });
  });
});

describe('seeding', () => {
  const fingerprint = () =>
    on(
      databaseUrl,
      `select number, status, placed_on::text, eta::text, delivered_on::text from acme.orders order by number`,
    );

  test('twice, or twice at once, changes nothing', async () => {
    const before = await fingerprint();
    expect(before).toHaveLength(25);
    await Promise.all([seedAcme({ databaseUrl }), seedAcme({ databaseUrl })]);
    expect(await fingerprint()).toEqual(before);
    expect(await on(databaseUrl, `select count(*)::int from acme.order_lines`)).toEqual([
      { count: sampleOrders.flatMap(({ lines }) => lines).length },
    ]);
  });

  test('days later, dates move on and what was changed stays', async () => {
    const before = await fingerprint();
    await on(databaseUrl, `update acme.addresses set city = 'Sligo' where customer_id = 'cus_ada'`);
    await on(
      databaseUrl,
      `update acme.orders set placed_on = placed_on - 9, shipped_on = shipped_on - 9, eta = eta - 9,
         delivered_on = delivered_on - 9`,
    );
    await on(databaseUrl, `update acme.seeding set seeded_on = seeded_on - 9`);
    await seedAcme({ databaseUrl });
    expect(await fingerprint()).toEqual(before);
    expect(await on(databaseUrl, `select city from acme.addresses where customer_id = 'cus_ada'`)).toEqual([
      { city: 'Sligo' },
    ]);
  });
});

describe('when the database is away', () => {
  test('the shop says so, and nothing of the reason', async () => {
    const [shop] = createToolProviders(company.playbook.providers, {
      folder: 'local/acme',
      settings: { DATABASE_URL: 'postgres://shop:hunter2@127.0.0.1:9/none' },
    });
    const args = { customerId: 'cus_ada', orderNumber: '1042' };
    const result = await shop?.call('get_order', args, new AbortController().signal, 20_000);
    await shop?.close();
    expect(result).toEqual({ ok: false, content: '{"error":"unavailable"}' });
  });
});
