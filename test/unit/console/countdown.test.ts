import { expect, test } from '@jest/globals';
import { dueIn, ringing, spanOf } from '../../../web/console/countdown.ts';

const minute = 60_000;

test.each([
  [-5, '0s'],
  [59_999, '59s'],
  [minute, '1m'],
  [59 * minute + 59_999, '59m'],
  [60 * minute, '1h 00m'],
  [125 * minute, '2h 05m'],
  [24 * 60 * minute, '1d 0h'],
])('%d ms are %s', (ms, text) => {
  expect(spanOf(ms)).toBe(text);
});

test('an offer counts down to nothing and never says less', () => {
  expect([ringing(65_000), ringing(9_001), ringing(9_000), ringing(1), ringing(0), ringing(-1)]).toEqual([
    ...['1:05', '0:10', '0:09', '0:01', '0:00', '0:00'],
  ]);
});

test('a clock is calm, then soon, then late', () => {
  expect([2 * minute, 2 * minute - 1, 0, -1].map((left) => dueIn(10 * minute + left, 10 * minute).state)).toEqual([
    ...['calm', 'soon', 'soon', 'late'],
  ]);
  expect(dueIn(0, 5 * minute)).toEqual({ text: '−5m', spoken: 'late by 5m', state: 'late' });
});
