/** `retry-after-ms`, else `Retry-After` in seconds or as an HTTP date, in milliseconds from now and never negative. */
export const retryAfterMs = (headers: Headers | undefined, now = Date.now()): number | undefined => {
  const inMs = headers?.get('retry-after-ms') ?? null;
  const after = headers?.get('retry-after') ?? null;
  const candidates = [toNumber(inMs), toNumber(after, 1_000), toTime(after) - now];
  const found = candidates.find((ms) => Number.isFinite(ms));
  return found === undefined ? undefined : Math.max(0, Math.round(found));
};

/** `Number('')` would be 0. */
const toNumber = (text: string | null, unit = 1): number =>
  text !== null && /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) * unit : Number.NaN;

/** `Date.parse('try 5')` would be a day in 2001: every HTTP date in use ends in GMT. */
const toTime = (text: string | null): number =>
  text !== null && /\bGMT\s*$/.test(text) ? Date.parse(text) : Number.NaN;
