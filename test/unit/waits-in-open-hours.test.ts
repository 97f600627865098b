import { expect, test } from '@jest/globals';
import { afterOpen, openSpans } from '../../contracts/business-time.ts';
import { openingHours } from '../../contracts/opening-hours.ts';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const hours = openingHours.parse({
  week: Object.fromEntries(weekdays.map((day) => [day, ['09:00-13:00', '14:00-18:00']])),
  holidays: [{ date: '12-25', name: 'Christmas Day' }],
});
const HOUR = 3_600_000;
const after = (from: string, length: number, zone = 'Europe/Dublin') =>
  new Date(afterOpen(openSpans(hours, zone, Date.parse(from), 400), Date.parse(from), length)).toISOString();

test.each([
  ['in the middle of a morning', '2026-11-24T09:30:00Z', HOUR, '2026-11-24T10:30:00.000Z'],
  ['over the break', '2026-11-24T12:30:00Z', HOUR, '2026-11-24T14:30:00.000Z'],
  ['to the end of the day, and not into the next', '2026-11-24T16:00:00Z', 2 * HOUR, '2026-11-24T18:00:00.000Z'],
  ['over the night', '2026-11-24T17:00:00Z', 2 * HOUR, '2026-11-25T10:00:00.000Z'],
  ['over the weekend', '2026-11-27T17:00:00Z', 2 * HOUR, '2026-11-30T10:00:00.000Z'],
  ['from a Saturday', '2026-11-28T12:00:00Z', HOUR, '2026-11-30T10:00:00.000Z'],
  ['over a holiday', '2026-12-24T17:00:00Z', 2 * HOUR, '2026-12-28T10:00:00.000Z'],
])('%s', (_what, from, length, until) => {
  expect(after(from, length)).toBe(until);
});

test('days are the company’s, also where it is another day there', () => {
  expect(after('2026-11-24T22:30:00Z', HOUR, 'Asia/Tokyo')).toBe('2026-11-25T01:00:00.000Z');
  expect(after('2026-11-24T15:00:00Z', HOUR, 'America/New_York')).toBe('2026-11-24T16:00:00.000Z');
});

test('a change of the clock moves what is open with the clock', () => {
  // Sunday, 28 March 2027: Dublin goes from UTC to UTC+1.
  expect(after('2027-03-26T17:30:00Z', HOUR)).toBe('2027-03-29T08:30:00.000Z');
  expect(after('2027-10-29T16:30:00Z', HOUR)).toBe('2027-11-01T09:30:00.000Z');
});

test('whoever never opens waits by the clock', () => {
  const closed = openingHours.parse({ week: {} });
  expect(afterOpen(openSpans(closed, 'UTC', 0, 400), 0, HOUR)).toBe(HOUR);
});
