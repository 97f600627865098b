import { describe, expect, test } from '@jest/globals';
import { findMatch, matchOf, questionOf } from '../../../../knowledge/answer-cache/match.ts';
import { ADVERSARIAL } from './adversarial-pairs.ts';

/** As close as two vectors can be: what the guards let through is theirs alone. */
const same = Float32Array.of(1, 0);
const other = Float32Array.of(0.6, 0.8);

const match = (a: string, b: string, vectors: [Float32Array | null, Float32Array | null] = [same, same]) =>
  matchOf(questionOf(a, vectors[0]), questionOf(b, vectors[1]));

describe.each(Object.entries(ADVERSARIAL))('pairs that differ by a %s', (_kind, pairs) => {
  test.each([...pairs])('%s | %s', (a, b) => {
    expect(match(a, b)).toBeNull();
    expect(match(b, a)).toBeNull();
  });
});

test('there are a hundred of them', () => {
  expect(Object.values(ADVERSARIAL).flat()).toHaveLength(100);
});

test.each([
  ['How do I return a jacket?', 'What is the best way to return a jacket'],
  ['How can I track my parcel?', 'how do i track my package'],
  ["What's the delivery cost to Norway?", 'What is delivery cost to Norway'],
  ['Where can I download my invoice?', 'Where do I download the invoice?'],
  ['Is it possible to pay by PayPal?', 'Can I pay by PayPal?'],
  ['What is the difference between comfort and limit?', 'What is the difference between limit and comfort?'],
])('%s is near %s', (a, b) => {
  expect(match(a, b)).toBe('near');
});

test('case, blanks and closing punctuation do not count, with or without embeddings', () => {
  expect(match('Where is my  parcel?!', ' where is my parcel', [null, null])).toBe('exact');
  expect(match('How do I return a jacket?', 'How can I return the jacket?', [null, same])).toBeNull();
});

test('words alone do not make a near match', () => {
  expect(match('How do I return a jacket?', 'How can I return the jacket?', [same, other])).toBeNull();
});

test('an exact match wins over a nearer one, and nothing is found among strangers', () => {
  const entry = (text: string, vector: Float32Array) => ({ text, question: questionOf(text, vector) });
  const entries = [entry('How can I return the jacket?', same), entry('how do i return a jacket', other)];
  expect(findMatch(questionOf('How do I return a jacket?', same), entries)).toMatchObject({
    match: 'exact',
    found: { text: 'how do i return a jacket' },
  });
  expect(findMatch(questionOf('Do you repair tents?', same), entries)).toBeNull();
});
