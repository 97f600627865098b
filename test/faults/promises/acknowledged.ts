import type { Case, Violation } from './case.ts';

/** One clock for all, and Temporal writes its own down a little before it answers. */
const CLOCK_MS = 5;

/** P1: what was acknowledged was in Temporal's history by then, and is in Postgres. */
export const checkAcknowledged = ({ conversation, lines, evidence }: Case): Violation[] => {
  const violation = (what: string): Violation => ({ promise: 'P1', conversation, what });
  const acked = new Map(
    lines.flatMap((line) => (line.type === 'acked' ? [[line.clientMessageId, line.at] as const] : [])).reverse(),
  );
  return [...acked].flatMap(([id, at]) => {
    const signal = evidence.signals.find(({ clientMessageId }) => clientMessageId === id);
    const stored = evidence.messages.some((message) => message.id === `c:${id}`);
    return [
      ...(signal ? [] : [violation(`${id} was acknowledged and is in no history`)]),
      ...(signal && signal.at > at + CLOCK_MS
        ? [violation(`${id} was acknowledged ${Math.round(signal.at - at)} ms before Temporal had it`)]
        : []),
      ...(stored ? [] : [violation(`${id} was acknowledged and is not in Postgres`)]),
    ];
  });
};
