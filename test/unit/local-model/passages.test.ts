import { describe, expect, test } from '@jest/globals';
import { bestPassage } from '../../../local/model/passages.ts';
import { wordsOf } from '../../../local/model/words.ts';

const quoted = (articles: { title: string; text: string }[], question: string) =>
  bestPassage(articles, wordsOf(question))?.text;

const STEPS = {
  title: 'Sending back',
  text: `## Steps

A return takes five minutes.

1. Register the return in your account.
2. Pack the boots.
* Keep the receipt.
It is your proof.`,
};

describe('a quotation', () => {
  test('keeps lists as lists and leaves headings out', () => {
    expect(quoted([STEPS], 'how do I register a return?')).toBe(
      'A return takes five minutes.\n1. Register the return in your account.\n2. Pack the boots.\n- Keep the receipt.',
    );
  });

  test('is a part of the article, word for word', () => {
    const text = quoted([STEPS], 'where is the receipt for the boots?') ?? '';
    for (const line of text.split('\n')) expect(STEPS.text.replace('*', '-')).toContain(line);
  });

  test('of a short introduction goes on with the section that answers the rest', () => {
    const articles = [
      { title: 'Returns policy', text: 'If something is not right, send it back.' },
      { title: 'Returns policy: Condition', text: 'Unused, with labels. Returns of worn boots are refused.' },
      { title: 'Returns policy: How long you have', text: 'Sixty days at full price. Thirty days in the sale.' },
    ];
    expect(quoted(articles, 'How long do I have to return something?')).toBe(
      'If something is not right, send it back.\n\nSixty days at full price. Thirty days in the sale.',
    );
  });
});

test('nothing is quoted for a question that articles touch but do not answer', () => {
  expect(quoted([STEPS], 'what time does the pancake restaurant in the boots museum close?')).toBeUndefined();
  expect(quoted([STEPS], 'how do you do?')).toBeUndefined();
  expect(quoted([], 'return')).toBeUndefined();
});

test('forms of a word and five languages are one', () => {
  for (const word of [
    'returned',
    'Rücksendungen',
    'Retoure',
    'zurückgeben',
    'retourner',
    'devolver',
    'devolução',
    'send it back',
  ])
    expect(wordsOf(word)).toEqual(new Set(['return']));
  for (const word of ['Norwegen', 'Norvège', 'Noruega', 'Norway']) expect(wordsOf(word)).toEqual(new Set(['norway']));
  expect(wordsOf('shipping tents')).toEqual(wordsOf('Versand Zelte'));
});
