import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createOpenApiProvider } from '../../../integrations/openapi.ts';
import { createOutbound } from '../../../integrations/outbound.ts';
import type { ToolProvider } from '../../../integrations/tools.ts';
import { shopDocument, startShopApi } from '../../fakes/shop-api.ts';
import { unreachableUrl } from '../../fakes/unreachable.ts';
import { createFolders } from '../../folders.ts';

const OPERATIONS = ['getOrder', 'refund', 'either'];
const newFolder = createFolders();
const opened: ToolProvider[] = [];
let shop: Awaited<ReturnType<typeof startShopApi>>;
let provider: ToolProvider;

const open = (
  change: Partial<Parameters<typeof createOpenApiProvider>[0]> = {},
  allow = ['127.0.0.1'],
): ToolProvider => {
  const made = createOpenApiProvider({
    name: 'shop',
    document: `${shop.url}/openapi.yaml`,
    operations: OPERATIONS,
    auth: { authorization: `Bearer ${shop.key}` },
    outbound: createOutbound({ allow }),
    ...change,
  });
  opened.push(made);
  return made;
};
const call = (name: string, args = {}, signal = new AbortController().signal, timeoutMs = 500) =>
  provider.call(name, args, signal, timeoutMs);

beforeAll(async () => {
  shop = await startShopApi();
  provider = open();
});
afterEach(() => {
  shop.faults.heal();
  shop.answers();
});
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await shop.close();
});

describe('operations of an OpenAPI document', () => {
  test('are tools: parameters and body are their arguments', async () => {
    const tools = await provider.list();
    expect(tools.map(({ name }) => name)).toEqual(OPERATIONS);
    expect(tools[0]).toEqual({
      name: 'getOrder',
      description: 'Looks up one order.\nHidden: none.',
      inputSchema: {
        type: 'object',
        properties: {
          customerId: { type: 'string' },
          number: { type: 'string' },
          fields: { type: 'array', items: { type: 'string', enum: ['items', 'status'] } },
          'X-Locale': { type: 'string', nullable: true },
        },
        required: ['customerId', 'number'],
        additionalProperties: false,
      },
    });
    expect(tools[1]?.inputSchema).toMatchObject({
      properties: { number: { type: 'string' }, amount: { type: 'number', exclusiveMinimum: 0 } },
      required: ['Idempotency-Key', 'number', 'amount'],
    });
    expect(tools[2]?.inputSchema).toMatchObject({ properties: { body: { oneOf: [expect.anything()] } }, required: [] });
  });

  test('the document is read once', async () => {
    const before = shop.documents();
    const other = open();
    await Promise.all([other.list(), other.list()]);
    await other.call('refund', { 'Idempotency-Key': 'k', number: '1', amount: 1 }, new AbortController().signal, 500);
    expect(shop.documents()).toBe(before + 1);
  });

  test('a file of the playbook serves as well, with a server of its own', async () => {
    const document = join(newFolder(), 'shop.json');
    writeFileSync(document, JSON.stringify(shopDocument));
    await expect(open({ document }).list()).rejects.toThrow('it does not say where it is served: set server');
    const served = open({ document, server: `${shop.url}/api` });
    const args = { customerId: 'ada', number: '1' };
    expect(await served.call('getOrder', args, new AbortController().signal, 500)).toMatchObject({ ok: true });
  });
});

describe('a call', () => {
  test('puts every argument where it belongs, and none of them leads elsewhere', async () => {
    const args = { customerId: '../a/b?c=d&e#f%2e', number: 'ü 名', fields: ['items', 'status'], 'X-Locale': 'de' };
    const { ok, content } = await call('getOrder', args);
    expect([ok, JSON.parse(content)]).toEqual([
      true,
      {
        params: { customerId: '../a/b?c=d&e#f%2e', number: 'ü 名' },
        query: { fields: ['items', 'status'] },
        locale: 'de',
      },
    ]);
    for (const number of ['..', '.', ''])
      expect(await call('getOrder', { customerId: 'ada', number })).toMatchObject({ ok: false });
    expect(await call('getOrder', { customerId: 'ada', number: '1', 'X-Locale': 'a\r\nX-Admin: 1' })).toEqual({
      ok: false,
      content: '{"error":"X-Locale must be plain ASCII on one line."}',
    });
  });

  test('no argument takes the place of the key, in whatever case it is written', async () => {
    const keyed = open({ auth: { authorization: `Bearer ${shop.key}`, 'x-locale': 'ours' } });
    const args = { customerId: 'ada', number: '1', 'X-Locale': 'theirs' };
    const { content } = await keyed.call('getOrder', args, new AbortController().signal, 500);
    expect(JSON.parse(content)).toMatchObject({ locale: 'ours' });
  });

  test('sends a body whole or in parts, or none', async () => {
    const { content } = await call('refund', { 'Idempotency-Key': 'one', number: '1042', amount: 5 });
    expect(JSON.parse(content)).toEqual({ refunded: { number: '1042', amount: 5 } });
    expect(shop.ledger.filter(({ key }) => key === 'one')).toHaveLength(1);
    expect((await call('either', { body: { a: 'x' } })).content).toBe('{"body":{"a":"x"}}');
    expect((await call('either')).content).toBe('{"body":null}');
  });

  test('what the API says of the request is an answer, cleaned and capped', async () => {
    for (const status of [400, 401, 403, 404, 409, 422]) {
      shop.answers({ status, type: 'application/problem+json', text: '{"detail":"no\u200b such"}' });
      expect(await call('either')).toEqual({ ok: false, content: '{"detail":"no such"}' });
    }
    shop.answers({ status: 200, type: 'text/plain', text: 'x'.repeat(20_000) });
    expect((await call('either')).content).toHaveLength(16_384 + '\n[cut here: 3616 of 20000 bytes left out]'.length);
    shop.answers({ status: 200, type: 'application/pdf', text: '%PDF' });
    expect((await call('either')).content).toBe('{"status":200,"leftOut":"application/pdf"}');
    expect(await call('nothing')).toMatchObject({ ok: false });
  });

  test.each([
    ['cut', 'unknown'],
    ['html', 'unknown'],
    ['html-404', 'unknown'],
    ['redirect', 'unknown'],
    ['lost', 'unknown'],
    ['slow', 'unknown'],
    ['429', 'not_sent'],
    ['500', 'unknown'],
    ['503', 'unknown'],
  ] as const)('%s is no answer, and says whether it was done: %s', async (fault, outcome) => {
    shop.faults.next(fault);
    const args = { 'Idempotency-Key': fault, number: '1', amount: 1 };
    const error = await call('refund', args).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ToolUnavailable', outcome });
    expect(String(error)).not.toMatch(/sEcReT|maintenance|127\.0\.0\.1/);
    expect(shop.ledger.filter(({ key }) => key === fault)).toHaveLength(fault === 'lost' || fault === 'slow' ? 1 : 0);
  });

  test('an abort rejects with its own reason, and one that came before sends nothing', async () => {
    const abort = new AbortController();
    shop.faults.next('slow');
    const slow = call('refund', { 'Idempotency-Key': 'aborted', number: '1', amount: 1 }, abort.signal);
    setTimeout(() => abort.abort(new Error('superseded')), 50);
    await expect(slow).rejects.toThrow('superseded');
    const before = shop.ledger.length;
    await expect(call('refund', {}, abort.signal)).rejects.toThrow('superseded');
    expect(shop.ledger.length).toBe(before);
  });

  test('goes to no address that is not allowed, and nobody listening is told apart', async () => {
    const document = join(newFolder(), 'shop.json');
    writeFileSync(document, JSON.stringify(shopDocument));
    const inward = open({ document, server: shop.url }, []);
    const away = open({ document, server: await unreachableUrl() });
    for (const each of [inward, away])
      await expect(each.call('either', {}, new AbortController().signal, 500)).rejects.toMatchObject({
        name: 'ToolUnavailable',
        outcome: 'not_sent',
      });
  });

  test('after close nothing is sent', async () => {
    const closing = open();
    await closing.list();
    await closing.close();
    await expect(closing.call('either', {}, new AbortController().signal, 500)).rejects.toThrow('is closed');
  });
});

describe('a document that cannot be used', () => {
  const paths = (operation: object) => ({
    ...shopDocument,
    paths: { '/x/{id}': { get: { operationId: 'getOrder', ...operation } } },
  });
  const responses = { 200: { description: 'ok' } };
  const inPath = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };
  test.each([
    ['it must be OpenAPI 3.0 or later', { swagger: '2.0' }],
    ['the document: paths Invalid input', { openapi: '3.0.0', paths: 5 }],
    ['it points to what it does not have', { openapi: '3.1.0', paths: { '/x': { $ref: '#/nowhere' } } }],
    ['it has no operation refund, either', paths({ parameters: [inPath], responses })],
    ['does not describe {id} of its path', paths({ responses })],
    [
      'needs the cookie s',
      paths({
        parameters: [inPath, { name: 's', in: 'cookie', required: true, schema: { type: 'string' } }],
        responses,
      }),
    ],
    [
      'has a parameter f that is more than a value or a list',
      paths({ parameters: [inPath, { name: 'f', in: 'query', schema: { type: 'object' } }], responses }),
    ],
    [
      'has two arguments named id',
      paths({ parameters: [inPath, { name: 'id', in: 'query', schema: { type: 'string' } }], responses }),
    ],
    ['it is not readable', '{ not yaml: ['],
  ])('%s', async (why, text) => {
    const document = join(newFolder(), 'shop.yaml');
    writeFileSync(document, typeof text === 'string' ? text : JSON.stringify(text));
    const broken = open({ document, server: shop.url });
    await expect(broken.list()).rejects.toMatchObject({
      name: 'ToolUnavailable',
      outcome: 'not_sent',
      message: expect.stringContaining(why),
    });
    await expect(broken.list()).rejects.toThrow('a moment ago');
  });

  test('an operation that takes no JSON is named, and one with a recursive body is left to the gate to refuse', async () => {
    await expect(open({ operations: ['upload'] }).list()).rejects.toThrow('operation upload takes no JSON');
    const [tree] = await open({ operations: ['tree'] }).list();
    expect(JSON.stringify(tree?.inputSchema)).toContain('#/components/schemas/Node');
  });

  test('what it points to outside of itself is not read', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'secret.json'), '{"name":"id","in":"path","required":true,"schema":{"type":"string"}}');
    const document = join(folder, 'shop.json');
    for (const $ref of ['./secret.json', `${shop.url}/openapi.yaml`]) {
      const before = shop.documents();
      writeFileSync(document, JSON.stringify(paths({ parameters: [{ $ref }], responses })));
      await expect(open({ document, server: shop.url }).list()).rejects.toMatchObject({ name: 'ToolUnavailable' });
      expect(shop.documents()).toBe(before);
    }
  });
});
