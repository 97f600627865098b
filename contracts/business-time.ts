import type { OpeningHours } from './opening-hours.ts';

// Open hours as spans of absolute time. Zones and holidays are looked up once, by whoever makes the spans: a workflow gets
// them ready, since its replay must not depend on the time zone data of the machine. No schema is imported here.

/** Epoch milliseconds, `to` exclusive. Lists of spans are in order and do not overlap. */
export type Span = { from: number; to: number };

const MINUTE = 60_000;
const DAY = 86_400_000;
const WEEK = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/**
 * The open spans of `days` days from the one that holds `from`. A span that a change to summer time cuts is shorter by that hour; a
 * time that does not exist on that day is the one after the change.
 */
export const openSpans = (hours: OpeningHours, companyZone: string, from: number, days: number): Span[] => {
  const clock = wallClock(hours.timezone ?? companyZone);
  const closed = new Set(hours.holidays.map(({ date }) => date));
  const spans: Span[] = [];
  const today = clock.dateAt(from);
  for (let i = 0; i < days; i++) {
    const date = new Date(today + i * DAY);
    const iso = date.toISOString().slice(0, 10);
    if (closed.has(iso) || closed.has(iso.slice(5))) continue;
    for (const { from, to } of hours.week[WEEK[date.getUTCDay()] ?? 'sunday'])
      join(spans, { from: clock.at(date.getTime() + from * MINUTE), to: clock.at(date.getTime() + to * MINUTE) });
  }
  return spans;
};

/** Midnight is no break: what is open until 24:00 and again from 00:00 is one span. */
const join = (spans: Span[], next: Span): void => {
  const last = spans.at(-1);
  if (last?.to === next.from) last.to = next.to;
  else if (next.from < next.to) spans.push(next);
};

/** Between absolute time and a zone's wall clock, which is written as if it were UTC. */
const wallClock = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const wallAt = (time: number): number => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
  /** The offset is looked up where the first guess lands; a second look serves times near a change of the clock. */
  const at = (wall: number): number => {
    let time = wall;
    for (let i = 0; i < 2; i++) time = wall - (wallAt(time) - time);
    // In the hour that a change skips the two looks disagree: the later one is after the change.
    return wallAt(time) === wall ? time : Math.max(time, wall - (wallAt(time) - time));
  };
  return { at, dateAt: (time: number): number => Math.floor(wallAt(time) / DAY) * DAY };
};

export const isOpenAt = (spans: readonly Span[], time: number): boolean =>
  spans.some(({ from, to }) => from <= time && time < to);

/** Open milliseconds between two times. */
export const openBetween = (spans: readonly Span[], from: number, to: number): number =>
  spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.to, to) - Math.max(span.from, from)), 0);

/**
 * The moment at which `ms` of open time have passed since `from`. Where the spans end before that, what is left is counted as
 * if it were open from then on: a deadline that is early is noticed, one that never comes is not.
 */
export const afterOpen = (spans: readonly Span[], from: number, ms: number): number => {
  let left = ms;
  let end = from;
  for (const span of spans) {
    const start = Math.max(span.from, from);
    if (span.to <= start) continue;
    if (span.to - start >= left) return start + left;
    left -= span.to - start;
    end = span.to;
  }
  return end + left;
};
