import { describe, expect, test } from '@jest/globals';
import { type Ask, answerFor, TOOLS } from './prompts.ts';

const saidAfter = (content: string, question = 'Where is my order 1042?', tool = 'find_order'): string => {
  const ask: Ask = {
    said: [
      question,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: tool, arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content },
    ],
    tools: Object.values(TOOLS),
  };
  const { text, calls } = answerFor(ask);
  expect(calls).toEqual([]);
  return text;
};

const SHIPPED = {
  number: '1042',
  status: 'in_transit',
  items: [{ name: 'Tent Alba 2', quantity: 1 }, 'Mug'],
  carrier: 'DHL',
  tracking_number: 'JD0146',
  eta: '2026-03-05',
  total: '249.90',
  currency: 'EUR',
};

describe('orders', () => {
  test('are told with everything that is known', () => {
    expect(saidAfter(JSON.stringify(SHIPPED))).toBe(
      'Order 1042 is on its way. It travels with DHL. The tracking number is JD0146. It should arrive on March 5, 2026. ' +
        'It contains: 1 × Tent Alba 2, Mug. The total is €249.90.',
    );
  });

  test('in the language of the question', () => {
    expect(saidAfter(JSON.stringify(SHIPPED), 'Wo ist meine Bestellung 1042?')).toContain(
      'Die Bestellung 1042 ist unterwegs. Sie wird von DHL geliefert.',
    );
  });

  test('a delivered one is not expected any more', () => {
    const delivered = { order: { ...SHIPPED, status: 'delivered', deliveredAt: '2026-03-04T10:00:00Z' } };
    const text = saidAfter(JSON.stringify(delivered));
    expect(text).toContain('Order 1042 has been delivered. It arrived on March 4, 2026.');
    expect(text).not.toContain('should arrive');
  });

  test('a status of the company is said as it is', () => {
    expect(saidAfter('{"id":7,"status":"awaiting customs"}')).toBe('Order 7 has the status “awaiting customs”.');
  });

  test('several are listed', () => {
    const orders = [
      { number: '1042', status: 'shipped', items: [] },
      { number: '1043', status: 'processing', items: ['Mug'] },
    ];
    const listed = 'I found 2 orders:\n- Order 1042 is on its way.\n- Order 1043 is being prepared. It contains: Mug.';
    expect(saidAfter(JSON.stringify({ orders }))).toBe(listed);
    expect(saidAfter(JSON.stringify(orders))).toBe(listed);
    expect(saidAfter('{"orders":[]}')).toBe('I found nothing there.');
  });

  test('envelopes and delimiters are taken off', () => {
    const mcp = { content: [{ type: 'text', text: JSON.stringify(SHIPPED) }] };
    expect(saidAfter(JSON.stringify(mcp))).toContain('Order 1042 is on its way.');
    expect(saidAfter(`<result>\n${JSON.stringify(SHIPPED)}\n</result>`)).toContain('Order 1042 is on its way.');
  });
});

test('returns are told item by item', () => {
  const data = {
    number: '1042',
    status: 'delivered',
    eligible: true,
    items: [
      { name: 'Tent', quantity: 1, returnable: true, until: '2026-05-01' },
      { name: 'Gas', quantity: 2, returnable: false, reason: 'final_sale' },
    ],
  };
  expect(saidAfter(JSON.stringify(data), 'Can I return order 1042?', 'get_return_eligibility')).toBe(
    'Returns from order 1042:\n- 1 × Tent: can be returned until May 1, 2026.\n- 2 × Gas: cannot be returned (it was a final sale).',
  );
});

describe('failures', () => {
  test.each([
    ['{"error":"not_found"}', 'I could not find that order in your account. Could you check the number?'],
    ['{"error":{"code":"order_not_found","message":"No order 1042."}}', 'I could not find that order in your account.'],
    ['{"error":"forbidden","message":"Refunds above 100 € need a person."}', 'I am not allowed to do that'],
    ['{"ok":false,"message":"The shop system is down."}', 'That did not work: The shop system is down.'],
    [
      '{"isError":true,"content":[{"type":"text","text":"boom went the tool"}]}',
      'That did not work: boom went the tool.',
    ],
    ['error: time-out', 'That did not work'],
  ])('%s', (content, said) => {
    expect(saidAfter(content)).toContain(said);
  });
});

describe('anything else', () => {
  test.each([
    ['{"ok":true}', 'That is done.'],
    ['{"ok":true,"message":"Refund of 20 € requested."}', 'Refund of 20 € requested.'],
    ['{"points":120,"memberSince":"2020"}', '- points: 120\n- member since: 2020'],
    ['["red","blue"]', '- red\n- blue'],
    ['Sunny, 21 °C', 'Sunny, 21 °C'],
    ['', 'That is done.'],
  ])('%s', (content, said) => {
    expect(saidAfter(content, 'hm?', 'get_thing')).toBe(said);
  });
});
