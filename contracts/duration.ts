import { z } from 'zod';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const WRONG = 'must be a duration like 2m';

/** A length of time as people write it, a whole number above 0 and one of ms, s, m, h, d. Parses to milliseconds. */
export const duration = z
  .string({ error: ({ input }) => (input === undefined ? undefined : WRONG) })
  .transform((text, context) => {
    const [, count, unit = ''] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? [];
    const ms = Number(count) * (UNIT_MS[unit] ?? Number.NaN);
    if (ms > 0) return ms;
    context.addIssue({ code: 'custom', message: WRONG });
    return z.NEVER;
  });
