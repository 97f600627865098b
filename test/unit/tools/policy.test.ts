import { describe, expect, test } from '@jest/globals';
import type { PlaybookTool } from '../../../contracts/playbook.ts';
import { createToolPolicy } from '../../../integrations/tool-policy.ts';
import type { OfferedTool } from '../../../integrations/tools.ts';

const tool = (change: Partial<PlaybookTool> = {}): PlaybookTool => ({
  provider: 'shop',
  name: 'get_order',
  title: 'Looking up your order',
  use: 'verified',
  kind: 'read',
  inject: { customerId: 'customer.id' },
  timeout: 5_000,
  limits: {},
  labels: {},
  confirm: false,
  confirmWithin: 60_000,
  hidden: false,
  ...change,
});

const getOrder: OfferedTool = {
  name: 'get_order',
  description: 'Looks up an order.',
  inputSchema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {
      customerId: { type: 'string', minLength: 1 },
      orderNumber: { type: 'string', pattern: '^\\d{4,6}$' },
      detail: { type: 'object', properties: { lines: { type: 'boolean' } }, additionalProperties: false },
    },
    required: ['customerId', 'orderNumber'],
    additionalProperties: false,
  },
};

const policyOf = (change: Partial<PlaybookTool> = {}, offered: OfferedTool = getOrder) =>
  createToolPolicy([tool(change)], new Map([['shop', [offered]]]));

const withSchema = (inputSchema: Record<string, unknown>): OfferedTool => ({ ...getOrder, inputSchema });

const ada = { customerId: 'cus_ada', conversationId: 'cnv_1', effectKey: 'key-1' };
const visitor = { customerId: null, conversationId: 'cnv_2', effectKey: 'key-2' };

describe('what the model is told', () => {
  test('injected arguments are in no part of the schema', () => {
    expect(policyOf().describe(ada)).toEqual([
      {
        name: 'get_order',
        description: 'Looks up an order.',
        parameters: {
          type: 'object',
          properties: {
            orderNumber: { type: 'string', pattern: '^\\d{4,6}$' },
            detail: { type: 'object', properties: { lines: { type: 'boolean' } }, additionalProperties: false },
          },
          required: ['orderNumber'],
          additionalProperties: false,
        },
      },
    ]);
  });

  test('a visitor does not see tools for verified customers', () => {
    expect(policyOf().describe(visitor)).toEqual([]);
    expect(policyOf({ use: 'anyone', inject: { customerId: { value: 'x' } } }).describe(visitor)).toHaveLength(1);
  });

  test('a tool that only the provider knows does not exist', () => {
    const policy = createToolPolicy([tool()], new Map([['shop', [getOrder, { ...getOrder, name: 'delete_order' }]]]));
    expect(policy.describe(ada).map(({ name }) => name)).toEqual(['get_order']);
    expect(policy.buildArguments('delete_order', '{"orderNumber":"1042"}', ada)).toMatchObject({
      reason: 'unknown_tool',
    });
  });

  test('the same tool of another provider is not taken for it', () => {
    const policy = createToolPolicy([tool()], new Map([['other', [getOrder]]]));
    expect(policy.describe(ada)).toEqual([]);
    expect(policy.missing).toEqual([{ name: 'get_order', reason: 'provider "shop" does not offer it' }]);
  });
});

describe('a tool that cannot be used safely is left out, with the reason', () => {
  const properties = { orderNumber: { type: 'string' } };

  test('the server renamed an injected argument', () => {
    const policy = policyOf({}, withSchema({ type: 'object', properties: { ...properties, customer_id: {} } }));
    expect(policy.describe(ada)).toEqual([]);
    expect(policy.missing).toEqual([{ name: 'get_order', reason: 'it has no argument "customerId" to inject' }]);
  });

  test.each(['allOf', 'anyOf', 'oneOf', '$ref', 'patternProperties'])('%s at the root', (keyword) => {
    const policy = policyOf({ inject: {} }, withSchema({ type: 'object', properties, [keyword]: [] }));
    expect(policy.missing[0]?.reason).toMatch(/^its arguments are combined by/);
  });

  test('a schema that does not compile', () => {
    const policy = policyOf(
      { inject: {} },
      withSchema({ type: 'object', properties: { orderNumber: { type: 'text' } } }),
    );
    expect(policy.missing[0]?.reason).toMatch(/^its schema does not compile/);
  });
});

describe('arguments', () => {
  test('are completed from the session', () => {
    expect(policyOf().buildArguments('get_order', '{"orderNumber":"1042"}', ada)).toEqual({
      ok: true,
      tool: tool(),
      given: { orderNumber: '1042' },
      args: { orderNumber: '1042', customerId: 'cus_ada' },
    });
  });

  test('may be the conversation id and fixed values', () => {
    const inject: PlaybookTool['inject'] = { customerId: 'conversation.id', orderNumber: { value: '7777' } };
    expect(policyOf({ inject }).buildArguments('get_order', '', ada)).toMatchObject({
      ok: true,
      args: { customerId: 'cnv_1', orderNumber: '7777' },
    });
  });

  test.each([
    ['the injected name, another value', '{"orderNumber":"1042","customerId":"cus_ben"}', 'bad_arguments'],
    ['the injected name, its own value', '{"orderNumber":"1042","customerId":"cus_ada"}', 'bad_arguments'],
    ['an extra argument', '{"orderNumber":"1042","verbose":true}', 'bad_arguments'],
    ['an extra argument inside', '{"orderNumber":"1042","detail":{"all":true}}', 'bad_arguments'],
    ['__proto__', '{"orderNumber":"1042","__proto__":{"customerId":"cus_ben"}}', 'bad_arguments'],
    ['constructor', '{"orderNumber":"1042","constructor":{}}', 'bad_arguments'],
    ['a number for a text', '{"orderNumber":1042}', 'bad_arguments'],
    ['what the pattern refuses', '{"orderNumber":"1042\' or 1=1"}', 'bad_arguments'],
    ['a required one missing', '{}', 'bad_arguments'],
    ['nothing at all', '', 'bad_arguments'],
    ['cut JSON', '{"orderNumber":"10', 'bad_json'],
    ['an array', '["1042"]', 'bad_json'],
    ['null', 'null', 'bad_json'],
    ['a text', '"1042"', 'bad_json'],
    ['a NUL', '{"orderNumber":"10\\u000042"}', 'bad_json'],
    ['half a character', '{"orderNumber":"\\ud800"}', 'bad_json'],
    ['20 KB', JSON.stringify({ orderNumber: '1'.repeat(20_000) }), 'bad_json'],
    ['8,000 levels', `{"detail":${'['.repeat(8_000)}${']'.repeat(8_000)}}`, 'bad_json'],
  ])('%s is refused', (_what, text, reason) => {
    expect(policyOf().buildArguments('get_order', text, ada)).toMatchObject({ ok: false, reason });
  });

  test('a visitor is refused before anything is read', () => {
    expect(policyOf().buildArguments('get_order', 'not json', visitor)).toEqual({
      ok: false,
      reason: 'not_allowed',
      message: 'Only a signed-in customer can use this tool.',
    });
  });

  test('extra arguments are refused where the server itself would take them', () => {
    const open = withSchema({ type: 'object', properties: { orderNumber: {} }, additionalProperties: true });
    const built = policyOf({ inject: {} }, open).buildArguments('get_order', '{"orderNumber":"1","x":1}', ada);
    expect(built).toMatchObject({ ok: false, reason: 'bad_arguments', message: 'This tool takes only: orderNumber.' });
  });

  test('the complaint tells the model what to mend', () => {
    const built = policyOf().buildArguments('get_order', '{"orderNumber":"12"}', ada);
    expect(built).toMatchObject({ message: 'orderNumber must match pattern "^\\d{4,6}$".' });
  });

  test('schemas of both dialects are understood', () => {
    const draft7 = { type: 'array', items: [{ type: 'string' }], additionalItems: false };
    const draft2020 = { type: 'array', prefixItems: [{ type: 'string' }], items: false };
    for (const [$schema, pair] of [
      ['http://json-schema.org/draft-07/schema#', draft7],
      ['https://json-schema.org/draft/2020-12/schema', draft2020],
      [undefined, draft2020],
    ]) {
      const policy = policyOf({ inject: {} }, withSchema({ $schema, type: 'object', properties: { pair } }));
      expect(policy.buildArguments('get_order', '{"pair":["a"]}', ada)).toMatchObject({ ok: true });
      expect(policy.buildArguments('get_order', '{"pair":["a","b"]}', ada)).toMatchObject({ reason: 'bad_arguments' });
    }
  });
});
