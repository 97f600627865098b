import { expect, test } from '@jest/globals';
import { factsOf, factsOfTurn, promisesOf } from '../../../../knowledge/understanding/facts.ts';
import { createUnderstanding } from '../../../../knowledge/understanding/index.ts';
import { testPlaybook } from '../../../playbook.ts';

const entities = [{ name: 'order_number', title: 'Order number', pattern: '\\b1\\d{3}\\b' }];

test.each([
  ['My name is Anna Lund.', [{ name: 'name', value: 'Anna Lund' }]],
  [
    'Hi, my order number is 1042 and my shoe size is 43!',
    [{ name: 'order number', value: '1042 and my shoe size is 43' }],
  ],
  [
    'Ich heiße Jörg. Meine Kundennummer lautet K-77.',
    [
      { name: 'name', value: 'Jörg' },
      { name: 'kundennummer', value: 'K-77' },
    ],
  ],
  [
    "Je m'appelle Zoé, mon adresse est 4 rue des Lilas",
    [
      { name: 'name', value: 'Zoé' },
      { name: 'adresse', value: '4 rue des Lilas' },
    ],
  ],
  ['Mi talla es 38.', [{ name: 'talla', value: '38' }]],
  ['O meu pedido é o 1042.', [{ name: 'pedido', value: 'o 1042' }]],
  ['Do you know if my order is late?', []],
  ['Where is my order 1042?', []],
  ['Enemy lines are long.', []],
  ['', []],
])('%s', (message, facts) => {
  expect(factsOf(message)).toEqual(facts);
});

test('promises are kept whole, other sentences are not', () => {
  expect(promisesOf('Thank you. We will send the label today. It is free. Wir werden Ihnen schreiben!')).toEqual([
    { name: 'promise', value: 'We will send the label today.' },
    { name: 'promise', value: 'Wir werden Ihnen schreiben!' },
  ]);
});

test('no message holds the search up: 4,000 characters take less than 50 ms', () => {
  for (const piece of ['my ', 'my a ', 'my a is ', 'i will ', 'we will a', 'm', '.! ?']) {
    const begun = performance.now();
    factsOf(piece.repeat(2_000));
    promisesOf(piece.repeat(2_000));
    expect(performance.now() - begun).toBeLessThan(50);
  }
});

test('a turn leaves what was found in its messages, what they state and what the reply promises', () => {
  const understanding = createUnderstanding(testPlaybook({ entities }).playbook).read(
    'Order 1042. My size is 43.',
    null,
  );
  expect(factsOfTurn({ understanding }, [{ text: 'Order 1042. My size is 43.' }], 'We will send it today.')).toEqual([
    { name: 'order number', value: '1042' },
    { name: 'size', value: '43' },
    { name: 'promise', value: 'We will send it today.' },
  ]);
});
