import { describe, expect, test } from '@jest/globals';
import { fillArguments, valueFromReply } from '../../../local/model/arguments.ts';
import { chatRequest, type Tool } from '../../../local/model/request.ts';

const toolWith = (properties: Record<string, unknown>, required = Object.keys(properties)): Tool => {
  const parameters = { type: 'object', properties, required };
  const { tools } = chatRequest.parse({
    model: 'm',
    messages: [{ role: 'user', content: '' }],
    tools: [{ type: 'function', function: { name: 'do_it', parameters } }],
  });
  const [tool] = tools;
  if (!tool) throw new Error('the request lost its tool');
  return tool.function;
};

const string = { type: 'string' };

describe('arguments are found by', () => {
  test.each<[string, Record<string, unknown>, string, Record<string, unknown>]>([
    ['pattern', { ref: { ...string, pattern: '^AB-\\d+$' } }, 'my ref is AB-77, thanks', { ref: 'AB-77' }],
    ['example', { thing: { ...string, examples: ['NW-1042'] } }, 'it is NW-20311.', { thing: 'NW-20311' }],
    ['name', { order_number: string }, 'order #1042?', { order_number: '1042' }],
    ['name, as a number', { orderId: { type: 'integer' } }, 'order 1042', { orderId: 1042 }],
    [
      'format',
      { contact: { ...string, format: 'email' } },
      'write to ada@example.org!',
      { contact: 'ada@example.org' },
    ],
    ['choice', { why: { enum: ['too_small', 'damaged'] } }, 'Der Artikel ist beschädigt', { why: 'damaged' }],
    ['money', { amount: { type: 'number' }, order: string }, '1042: 12,50 € back', { amount: 12.5, order: '1042' }],
    ['quantity', { quantity: { type: 'integer' } }, 'I take 3 of them', { quantity: 3 }],
    ['address', { address: string }, 'send it to 5 Hill Road, Bristol.', { address: '5 Hill Road, Bristol' }],
    [
      'address in German',
      { address: string },
      'bitte an Hauptstraße 5, 04109 Leipzig',
      { address: 'Hauptstraße 5, 04109 Leipzig' },
    ],
    ['nullable text', { message: { type: ['string', 'null'] } }, 'The zip broke', { message: 'The zip broke' }],
    ['free text', { message: string }, 'The zip broke', { message: 'The zip broke' }],
    ['search words', { query: string }, 'do you have warm boots', { query: 'warm boot' }],
  ])('%s', (_, properties, message, values) => {
    expect(fillArguments(toolWith(properties), message)).toMatchObject({ values, missing: [] });
  });
});

test('what is not there is missing, and nothing is made up', () => {
  const tool = toolWith({ order_number: string, address: string, colour: string });
  expect(fillArguments(tool, 'change it please')).toEqual({
    values: {},
    missing: ['order_number', 'address', 'colour'],
    specific: false,
  });
});

test('one number is not taken for two arguments', () => {
  const tool = toolWith({ order_number: string, invoice_number: string });
  expect(fillArguments(tool, '1042').missing).toEqual(['invoice_number']);
  expect(fillArguments(tool, '1042 and 2001').values).toEqual({ order_number: '1042', invoice_number: '2001' });
});

test('earlier messages are asked newest first, for values with a shape only', () => {
  const tool = toolWith({ order_number: string, message: string });
  expect(fillArguments(tool, 'and that one?', ['1043', '1042']).values).toEqual({
    order_number: '1043',
    message: 'and that one?',
  });
});

test('patterns that take anything, or are invalid, are no shape', () => {
  for (const pattern of ['^.{1,200}$', '([']) {
    const tool = toolWith({ note: { ...string, pattern } });
    expect(fillArguments(tool, 'ring twice')).toEqual({ values: { note: 'ring twice' }, missing: [], specific: false });
  }
});

describe('a reply to a question', () => {
  test('is taken as it is where nothing speaks against it', () => {
    expect(valueFromReply('address', string, ' 5 Hill Road ')).toBe('5 Hill Road');
  });

  test('has to have the shape that was asked for', () => {
    expect(valueFromReply('order_number', string, 'it is 1042')).toBe('1042');
    expect(valueFromReply('order_number', string, 'I do not have it')).toBeUndefined();
    expect(valueFromReply('address', string, '  ')).toBeUndefined();
  });
});
