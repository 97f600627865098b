import type { Case, Violation } from './case.ts';

/** P8: what was appended while a client was connected reaches it in time; what it missed meanwhile, soon after it is back. */
export const checkContinuity = ({ conversation, lines, deliveryMs }: Case): Violation[] => {
  const readableSince = new Map<string, number>();
  return lines.flatMap((line) => {
    if (line.type === 'welcome' || line.type === 'snapshot') readableSince.set(line.client, line.at);
    if (line.type !== 'events') return [];
    const late = line.events.flatMap(({ at, position }) => {
      const ms = line.at - Math.max(Date.parse(at), readableSince.get(line.client) ?? 0);
      return ms > deliveryMs ? [`${line.client}: event ${position.seq} came after ${Math.round(ms)} ms`] : [];
    });
    return late.map((what): Violation => ({ promise: 'P8', conversation, what }));
  });
};
