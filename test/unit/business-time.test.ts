import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { afterOpen, openBetween, openSpans } from '../../contracts/business-time.ts';
import { openingHours } from '../../contracts/opening-hours.ts';

const HOUR = 3_600_000;
const every = ['09:00-13:00', '14:00-18:00'];
const hoursOf = (day: string[], more = {}) =>
  openingHours.parse({
    week: {
      ...{ monday: day, tuesday: day, wednesday: day, thursday: day, friday: day, saturday: day, sunday: day },
      ...more,
    },
    holidays: [
      { date: '12-25', name: 'Christmas Day' },
      { date: '2026-04-06', name: 'Easter Monday 2026' },
    ],
  });
const spansOf = (from: string, days: number, day = every, zone = 'Europe/Dublin') =>
  openSpans(hoursOf(day, { sunday: [] }), zone, Date.parse(from), days).map(({ from, to }) =>
    [from, to].map((time) => new Date(time).toISOString().slice(5, 16)).join(' '),
  );

test('hours are those of the zone, with breaks, closed days and holidays of one year and of every year', () => {
  expect(spansOf('2026-01-05T23:30:00Z', 1)).toEqual(['01-05T09:00 01-05T13:00', '01-05T14:00 01-05T18:00']);
  expect(spansOf('2026-07-05T23:30:00Z', 1)).toEqual(['07-06T08:00 07-06T12:00', '07-06T13:00 07-06T17:00']);
  expect(spansOf('2026-04-04T12:00:00Z', 4, ['10:00-11:00'])).toEqual([
    '04-04T09:00 04-04T10:00',
    '04-07T09:00 04-07T10:00',
  ]);
  expect(spansOf('2027-12-24T12:00:00Z', 2, ['10:00-11:00'])).toEqual(['12-24T10:00 12-24T11:00']);
  expect(spansOf('2026-01-05T20:00:00Z', 1, ['09:00-10:00'], 'Pacific/Auckland')).toEqual(['01-05T20:00 01-05T21:00']);
});

test('a day on which the clock changes is an hour shorter or longer, and open around midnight is one span', () => {
  const lengths = (from: string) =>
    openSpans(hoursOf(['00:00-24:00']), 'Europe/Dublin', Date.parse(from), 1).map(({ from, to }) => (to - from) / HOUR);
  expect(lengths('2026-03-29T12:00:00Z')).toEqual([23]);
  expect(lengths('2026-10-25T12:00:00Z')).toEqual([25]);
  expect(openSpans(hoursOf(['00:00-24:00']), 'UTC', Date.parse('2026-03-02T12:00:00Z'), 7)).toHaveLength(1);
  const skipped = openSpans(hoursOf(['01:30-03:00']), 'Europe/Dublin', Date.parse('2026-03-29T00:00:00Z'), 1);
  expect(skipped.map(({ from, to }) => to - from)).toEqual([HOUR / 2]);
});

test('time of work is the inverse of the moment at which it is over, whatever the spans', () => {
  const lengths = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 })), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(lengths, fc.nat(500), fc.integer({ min: 1, max: 400 }), (pairs, from, ms) => {
      let at = 0;
      const spans = pairs.map(([gap, length]) => {
        const span = { from: at + gap, to: at + gap + length };
        at = span.to;
        return span;
      });
      const end = afterOpen(spans, from, ms);
      const inside = openBetween(spans, from, end);
      const rest = openBetween(spans, from, at);
      expect(inside).toBe(Math.min(ms, rest));
      if (rest >= ms) expect(openBetween(spans, from, end - 1)).toBe(ms - 1);
      else expect(end).toBe(Math.max(from, rest > 0 ? at : from) + ms - rest);
    }),
    { numRuns: 2_000 },
  );
});
