import { expect, test } from '@jest/globals';
import { type Field, fieldsOf, filledForm } from '../../../web/console/argument-form.ts';

const rawArguments = '{"orderNumber":"10311","amount":740,"express":true,"items":[{"sku":"A"}]}';
const labels = ['Order number', 'Sum', 'Express', 'Items'].map((label) => ({ label, value: '' }));

test('arguments become a form with the tool’s labels, and the same JSON again', () => {
  const fields = fieldsOf({ rawArguments, arguments: labels }) ?? [];
  expect(fields.map(({ label, kind }) => [label, kind])).toEqual([
    ['Order number', 'text'],
    ['Sum', 'number'],
    ['Express', 'boolean'],
    ['Items', 'json'],
  ]);
  expect(filledForm(fields)).toEqual({ json: rawArguments });
});

test('without the labels the names are put in words', () => {
  const fields = fieldsOf({ rawArguments: '{"orderNumber":"1","to_iban":"x"}', arguments: [] }) ?? [];
  expect(fields.map(({ label }) => label)).toEqual(['Order number', 'To iban']);
});

test('what is no object has no form', () => {
  for (const raw of ['[1]', '"text"', 'no json', 'null'])
    expect(fieldsOf({ rawArguments: raw, arguments: [] })).toBeNull();
});

test('a number that is none and JSON that is none are said by field', () => {
  const fields: Field[] = [
    { key: 'amount', label: 'Amount', kind: 'number', value: 'much' },
    { key: 'empty', label: 'Empty', kind: 'number', value: ' ' },
    { key: 'items', label: 'Items', kind: 'json', value: '[' },
  ];
  expect(filledForm(fields)).toEqual({
    problems: { amount: 'Enter a number.', empty: 'Enter a number.', items: 'This is not valid JSON.' },
  });
});
