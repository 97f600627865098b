import type { OpeningHours } from './opening-hours.ts';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** A moment as the clocks of a time zone show it: `2026-11-25T10:30`. */
export const localTime = (moment: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' },
  })
    .format(moment)
    .replace(' ', 'T');

/** Whether people answer at a local time like `2026-11-25T10:30`, which is in the time zone of the hours. */
export const isOpenAt = ({ week, holidays }: OpeningHours, local: string): boolean => {
  const [date = '', time = ''] = local.split('T');
  if (holidays.some((holiday) => holiday.date === date || holiday.date === date.slice(5))) return false;
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const day = DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  const at = hours * 60 + minutes;
  return day !== undefined && week[day].some(({ from, to }) => at >= from && at < to);
};
