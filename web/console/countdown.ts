const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span as people say it in a list: `45s`, `12m`, `3h 05m`, `2d 4h`. Whole units only, never rounded up. */
export const spanOf = (ms: number): string => {
  const left = Math.max(0, ms);
  if (left < MINUTE) return `${Math.floor(left / SECOND)}s`;
  if (left < HOUR) return `${Math.floor(left / MINUTE)}m`;
  if (left < DAY) return `${Math.floor(left / HOUR)}h ${String(Math.floor((left % HOUR) / MINUTE)).padStart(2, '0')}m`;
  return `${Math.floor(left / DAY)}d ${Math.floor((left % DAY) / HOUR)}h`;
};

/** Minutes and seconds for what is nearly over: `1:05`, `0:09`. */
export const ringing = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

export type Due = { text: string; spoken: string; state: 'calm' | 'soon' | 'late' };

/** Less than this is left: time to look. */
const SOON_MS = 2 * MINUTE;

/** How an SLA clock stands at `now`, both in epoch milliseconds. */
export const dueIn = (dueAt: number, now: number): Due => {
  const left = dueAt - now;
  if (left < 0) return { text: `−${spanOf(-left)}`, spoken: `late by ${spanOf(-left)}`, state: 'late' };
  return { text: spanOf(left), spoken: `due in ${spanOf(left)}`, state: left < SOON_MS ? 'soon' : 'calm' };
};
