const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

export const dayOf = (at: string): string => day.format(new Date(at));

/** The hour of today, the day of everything else. */
export const momentOf = (at: string): string =>
  dayOf(at) === day.format(new Date()) ? hour.format(new Date(at)) : dayOf(at);

export const HourTime = ({ at }: { at: string }) => (
  <time dateTime={at} title={whole.format(new Date(at))}>
    {hour.format(new Date(at))}
  </time>
);

export const MomentTime = ({ at }: { at: string }) => (
  <time dateTime={at} title={whole.format(new Date(at))}>
    {momentOf(at)}
  </time>
);
