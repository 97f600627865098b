import { isOpenAt, openSpans } from '../../contracts/business-time.ts';
import type { Floor } from '../../contracts/console.ts';
import type { Playbook } from '../../contracts/playbook.ts';
import type { CarriedDesk } from '../../workflows/desk-records.ts';

type Seen = Omit<Floor['desks'][number], 'waitedP50Ms'>;

const DAY_MS = 86_400_000;

/** A desk as its workflow has it; one that nothing was ever handed to has none. */
export const deskOnFloor = (
  { name, title, hours }: Playbook['desks'][number],
  { hours: companyHours, company }: Playbook,
  state: CarriedDesk | null,
  now: number,
): Seen => {
  const isOpenByHours = isOpenAt(openSpans(hours ?? companyHours, company.timezone, now - DAY_MS, 3), now);
  const to = state?.switch ?? 'hours';
  return {
    name,
    title,
    switch: to,
    open: to === 'hours' ? isOpenByHours : to === 'open',
    agents: (state?.agents ?? []).map(({ id, name, status, load, capacity, ringing = null }) => ({
      ...{ id, name, status, load, capacity, ringing },
    })),
    entries: entriesOf(state),
  };
};

/** In the order of the line; who is not in it any more stands at 0. */
const entriesOf = (state: CarriedDesk | null): Seen['entries'] => {
  const isInLine = ({ place }: CarriedDesk['entries'][number]): boolean => place !== 'held' && place !== 'returning';
  const line = (state?.entries ?? []).filter(isInLine).sort((a, b) => a.key - b.key || a.seq - b.seq);
  const others = (state?.entries ?? []).filter((entry) => !isInLine(entry));
  return [...line, ...others].map(({ conversationId, place, priority, agent = null, reason, at, since, dueAt }, i) => ({
    ...{ id: conversationId, place, position: i < line.length ? i + 1 : 0, priority, agent, reason },
    since: new Date(since ?? at).toISOString(),
    dueAt: new Date(dueAt).toISOString(),
  }));
};
