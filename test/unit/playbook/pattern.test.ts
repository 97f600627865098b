import { expect, test } from '@jest/globals';
import { unsafe } from '../../../contracts/pattern.ts';

test.each([
  '\\b\\d{4,12}\\b',
  '(?:FH|NL)-?\\d{4,6}',
  '\\b([A-Z]{2}\\d{8}[A-Z]{2})\\b',
  'K[0-9]{4}',
  '\\p{L}{2}\\u{31}[\\]+*]',
  'a|b|c',
])('%s is safe', (pattern) => {
  expect(unsafe(pattern)).toBeNull();
});

test.each([
  ['\\d+', 'upper bound'],
  ['a*?b', 'upper bound'],
  ['\\d{3,}', 'upper bound'],
  ['(a|b){1,2}', 'repeat a group'],
  ['(?=a)', 'look around'],
  ['(?<name>a)', 'look around'],
  ['(a)\\1', 'refer back'],
  ['\\d{1,99}', '64 times'],
  ['\\d{1,9}\\d{1,9}', '81 ways'],
  ['a?a?a?a?a?a?a?', '128 ways'],
  ['(', 'no regular expression'],
])('%s is refused', (pattern, reason) => {
  expect(unsafe(pattern)).toContain(reason);
});

test('what is safe is fast on a text that is made to be slow', () => {
  const started = performance.now();
  for (const pattern of ['\\d{57,64}\\d{57,64}x', 'a?a?a?a?a?a?a', '[a1]{1,8}[a1]{1,8}x']) {
    expect(unsafe(pattern)).toBeNull();
    for (const text of ['1'.repeat(4_000), 'a'.repeat(4_000)]) [...text.matchAll(new RegExp(pattern, 'giu'))];
  }
  expect(performance.now() - started).toBeLessThan(5_000);
});
