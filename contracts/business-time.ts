import type { OpeningHours } from './opening-hours.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Longer than any closure: whoever never opens in that time waits by the clock. */
const MAX_DAYS = 400;

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/**
 * When `length` of open time has passed since `from`; epoch milliseconds and milliseconds. Days are those of the company, with
 * their breaks, holidays and changes of the clock.
 */
export const afterOpenTime = (hours: OpeningHours, companyZone: string, from: number, length: number): number => {
  const zone = hours.timezone ?? companyZone;
  const offsetAt = offsetsOf(zone);
  const today = Math.floor((from + offsetAt(from)) / DAY);
  let left = length;
  for (let day = today; day <= today + MAX_DAYS; day++) {
    for (const span of spansOf(hours, day)) {
      const opens = Math.max(from, instant(day, span.from, offsetAt));
      const closes = instant(day, span.to, offsetAt);
      if (closes <= opens) continue;
      if (left <= closes - opens) return opens + left;
      left -= closes - opens;
    }
  }
  return from + length;
};

/** `day` counts local days since 1970. */
const spansOf = ({ week, holidays }: OpeningHours, day: number) => {
  const date = new Date(day * DAY);
  const iso = date.toISOString().slice(0, 10);
  if (holidays.some((holiday) => holiday.date === iso || holiday.date === iso.slice(5))) return [];
  return week[WEEKDAYS[date.getUTCDay()] ?? 'sunday'];
};

/** What a local clock shows as this minute of the day. One that the change of the clock skips is the moment of the change. */
const instant = (day: number, minutes: number, offsetAt: (time: number) => number): number => {
  const local = day * DAY + minutes * MINUTE;
  const guess = local - offsetAt(local);
  return local - offsetAt(guess);
};

/** By how much a zone's clock is ahead of UTC at a moment, milliseconds. */
const offsetsOf = (zone: string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  return (time: number): number => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return shown - Math.floor(time / 1_000) * 1_000;
  };
};
