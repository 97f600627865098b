import { describe, expect, test } from '@jest/globals';
import { isOpenAt, localTime } from '../../contracts/open-at.ts';
import { openingHours } from '../../contracts/opening-hours.ts';

const hours = openingHours.parse({
  week: { monday: ['09:00-13:00', '14:00-24:00'], tuesday: ['00:00-01:00'] },
  holidays: [
    { date: '12-28', name: 'every year' },
    { date: '2026-11-30', name: 'once' },
  ],
});

describe('whether people answer', () => {
  test.each([
    ['2026-11-23T08:59', false],
    ['2026-11-23T09:00', true],
    ['2026-11-23T12:59', true],
    ['2026-11-23T13:00', false],
    ['2026-11-23T14:00', true],
    ['2026-11-23T23:59', true],
    ['2026-11-24T00:30', true],
    ['2026-11-24T01:00', false],
    ['2026-11-25T10:00', false],
    ['2026-11-30T10:00', false],
    ['2026-12-28T10:00', false],
    ['2027-11-29T10:00', true],
  ])('%s: %s', (local, open) => expect(isOpenAt(hours, local)).toBe(open));
});

test('the clocks of a place', () => {
  expect(localTime(new Date('2026-07-01T23:30:59Z'), 'Europe/Dublin')).toBe('2026-07-02T00:30');
  expect(localTime(new Date('2026-01-01T00:05:00Z'), 'America/New_York')).toBe('2025-12-31T19:05');
});
