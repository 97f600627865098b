import { describe, expect, test } from '@jest/globals';
import { answerOf } from '../../../local/model/answer.ts';
import { LANGUAGES } from '../../../local/model/language.ts';
import { type Reading, readPrompt } from '../../../local/model/prompt.ts';
import { renderResults } from '../../../local/model/results.ts';

const order = { type: 'string', pattern: '^\\d{4,6}$' };
const tool = (name: string, description: string, properties: object, required: string[]) => ({
  ...{ type: 'function' as const },
  function: { name, description, parameters: { type: 'object', properties, required } },
});
const tools = [
  tool(
    'get_order',
    'Looks up one order of the customer by its number: status, items, carrier.',
    { orderNumber: order },
    ['orderNumber'],
  ),
  tool(
    'change_delivery_address',
    'Changes the delivery address of one order of the customer.',
    { orderNumber: order, address: { type: 'string' } },
    ['orderNumber', 'address'],
  ),
  tool(
    'request_refund',
    'Refunds an amount in euro of one order of the customer.',
    { orderNumber: order, amount: { type: 'number' }, reason: { type: 'string' } },
    ['orderNumber', 'amount'],
  ),
];
const undo = tool(
  'undo_action',
  'Takes back something that was done.',
  { action: { type: 'string', enum: ['1.0', '3.0'] } },
  ['action'],
);

const reading = (text: string, offered: object[]): Reading =>
  readPrompt({
    ...{ model: 'local', stream: true, tool_choice: 'auto' },
    messages: [
      { role: 'system', content: "Answer in the language of the customer's message.\n\nlanguage: en" },
      { role: 'user', content: text },
    ],
    tools: offered,
  } as Parameters<typeof readPrompt>[0]);

const wanted = (text: string, offered: object[] = tools) => {
  const [call] = answerOf(reading(text, offered)).calls;
  return call && [call.name, JSON.parse(call.arguments)];
};

describe('ordinary sentences ask for a tool', () => {
  test.each([
    'I want a refund of 40 euro for order 1042',
    'Please refund me €40 for order 1042',
    'Ich möchte eine Erstattung von 40 Euro für die Bestellung 1042',
    'Je veux un remboursement de 40 euros pour la commande 1042',
    'Quiero un reembolso de 40 euros del pedido 1042',
    'Quero um reembolso de 40 euros da encomenda 1042',
  ])('%s', (text) => {
    expect(wanted(text)).toEqual(['request_refund', { orderNumber: '1042', amount: 40, reason: text }]);
  });

  test.each([
    [
      'change the address of order 1042 to 9 Quay Street, H91 AAAA Galway, Ireland',
      '9 Quay Street, H91 AAAA Galway, Ireland',
    ],
    ['I want to change the address of order 1042 to 9 Quay Street, Galway', '9 Quay Street, Galway'],
    [
      'Bitte ändern Sie die Lieferadresse der Bestellung 1042 auf Lindenhof 4, 04999 Leipzig',
      'Lindenhof 4, 04999 Leipzig',
    ],
    ["Changez l'adresse de la commande 1042 : 18 rue des Tanneurs, Grenoble", '18 rue des Tanneurs, Grenoble'],
    ['Cambie la dirección de entrega del pedido 1042 a Calle del Olmo 9, Zaragoza', 'Calle del Olmo 9, Zaragoza'],
    ['Altere a morada de entrega da encomenda 1042 para Rua da Fonte 31, Porto', 'Rua da Fonte 31, Porto'],
  ])('%s', (text, address) => {
    expect(wanted(text)).toEqual(['change_delivery_address', { orderNumber: '1042', address }]);
  });

  test('to ask how things stand asks for none of them', () => {
    expect(wanted('When do I get my refund?')).toBeUndefined();
    expect(wanted('Where is my order 1042?')).toEqual(['get_order', { orderNumber: '1042' }]);
  });

  test.each([
    'I changed my mind, please cancel the refund',
    'Ich habe es mir anders überlegt, bitte die Erstattung zurücknehmen',
    "J'ai changé d'avis, annulez le remboursement",
    'He cambiado de opinión, anule el reembolso',
    'Mudei de ideias, anule o reembolso',
  ])('the latest is taken back: %s', (text) => {
    expect(wanted(text, [...tools, undo])).toEqual(['undo_action', { action: '3.0' }]);
  });
});

describe('what became of it', () => {
  const said = (data: object, language: (typeof LANGUAGES)[number] = 'en') =>
    renderResults([{ tool: 'request_refund', content: JSON.stringify(data) }], language);
  const DONE = /\b(done|erledigt|fait|hecho|feito)\b/i;

  test('is done only where the tool itself says so, in every language', () => {
    for (const language of LANGUAGES) {
      expect(said({ refundId: '7', orderNumber: '1042', amount: '40.00', currency: 'EUR' }, language)).toMatch(DONE);
      expect(said({ cancelledRefund: '7', orderNumber: '1042', amount: '40.00', currency: 'EUR' }, language)).toMatch(
        DONE,
      );
      expect(said({ orderNumber: '1042', newAddress: '9 Quay Street' }, language)).toMatch(DONE);
      for (const action of [
        'waiting_for_customer',
        'waiting_for_approval',
        'cancelled',
        'denied',
        'expired',
        'unknown',
      ])
        expect([language, action, DONE.test(said({ action, tool: 'x', message: 'done' }, language))]).toEqual([
          language,
          action,
          false,
        ]);
    }
  });

  test('is said differently for each end, in every language', () => {
    const ends = [
      ...['waiting_for_customer', 'waiting_for_approval', 'cancelled', 'denied', 'expired', 'unknown'].map(
        (action) => ({
          action,
        }),
      ),
      ...['too_late', 'paid_out', 'duplicate', 'sum_per_day'].map((error) => ({ error, message: 'no' })),
      { error: 'more_than_paid', refundable: '12.00', currency: 'EUR' },
    ];
    const all = LANGUAGES.flatMap((language) => ends.map((end) => said(end, language)));
    expect(new Set(all).size).toBe(all.length);
    expect(said({ action: 'denied', reason: 'The jacket was worn.' })).toContain('The jacket was worn.');
    expect(said({ error: 'more_than_paid', refundable: '12.00', currency: 'EUR' })).toContain('€12.00');
  });
});
