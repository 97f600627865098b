import { z } from 'zod';

const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

export const timeZone = z.string().refine(isTimeZone, 'must be a time zone like Europe/Dublin');

const WRONG_SPAN = 'must be a span of one day like 09:00-13:00';

/** `09:00-13:00`, in minutes since midnight, `to` exclusive and after `from`; `24:00` is the end of the day. */
const span = z
  .string({ error: ({ input }) => (input === undefined ? undefined : WRONG_SPAN) })
  .transform((text, context) => {
    const [, fromHour, fromMinute, toHour, toMinute] = /^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$/.exec(text) ?? [];
    const from = Number(fromHour) * 60 + Number(fromMinute);
    const to = Number(toHour) * 60 + Number(toMinute);
    if (from < to && to <= 1_440) return { from, to };
    context.addIssue({ code: 'custom', message: WRONG_SPAN });
    return z.NEVER;
  });

/** Open spans of a day, in order; the gap between two is a break, no span at all a closed day. */
const day = z
  .array(span)
  .default([])
  .refine((spans) => spans.every(({ from }, i) => i === 0 || from >= (spans[i - 1]?.to ?? 0)), {
    error: 'must list its spans in order and without overlap',
  });

const isDate = (text: string): boolean => {
  const [year, rest] = text.length === 10 ? [text.slice(0, 4), text.slice(5)] : ['2024', text];
  const date = new Date(`${year}-${rest}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${rest}`);
};

/** One date (`2026-04-06`), or the same day every year (`12-25`). Closed all day. */
const holiday = z.strictObject({
  date: z
    .string()
    .regex(/^(\d{4}-)?\d\d-\d\d$/, 'must be a date like 2026-04-06, or 12-25 for every year')
    .refine(isDate, 'is no date of the calendar'),
  name: z.string().min(1),
});

/** When people answer. The assistant always does. */
export const openingHours = z.strictObject({
  /** The company's own when absent. */
  timezone: timeZone.optional(),
  week: z.strictObject({
    monday: day,
    tuesday: day,
    wednesday: day,
    thursday: day,
    friday: day,
    saturday: day,
    sunday: day,
  }),
  holidays: z.array(holiday).default([]),
});

export type OpeningHours = z.infer<typeof openingHours>;
