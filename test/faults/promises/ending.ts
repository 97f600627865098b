import type { DeskEvent } from '../../../contracts/events.ts';
import type { Line } from '../recording.ts';
import type { Case, Violation } from './case.ts';

/** P5: one reply per turn, always an end, within its time; and a workflow that never breaks over it. */
export const checkEnding = ({ conversation, lines, evidence, turnMs, failures }: Case): Violation[] => {
  const violation = (what: string): Violation => ({ promise: 'P5', conversation, what });
  return [
    ...evidence.failures.filter((failure) => !failures.test(failure)).map(violation),
    ...evidence.turns.flatMap(({ turn, ended, tookMs }) => {
      const replies = evidence.messages.filter((message) => message.turn === turn && message.author === 'assistant');
      return [
        ...(replies.length > 1 ? [violation(`turn ${turn} has ${replies.length} replies`)] : []),
        ...(ended === null || replies.length === 0 ? [violation(`turn ${turn} has no end`)] : []),
        ...((tookMs ?? 0) > turnMs && sawEnd(lines, turn) > turnMs
          ? [violation(`turn ${turn} took ${Math.round(tookMs ?? 0)} ms`)]
          : []),
      ];
    }),
    ...lines.flatMap((line) =>
      line.type === 'unanswered'
        ? [violation(`${line.clientMessageId} had no answer on the screen after ${line.afterMs} ms`)]
        : [],
    ),
  ];
};

/**
 * Milliseconds from a turn's first message to its first end as a customer saw them. A turn that ended while Postgres was away
 * is recorded later, and the customer knew before.
 */
const sawEnd = (lines: readonly Line[], turn: number): number => {
  const at = (isIt: (event: DeskEvent) => boolean): number =>
    lines.find((line) => line.type === 'events' && line.events.some(({ event }) => isIt(event)))?.at ??
    Number.POSITIVE_INFINITY;
  const asked = at((event) => event.type === 'message.added' && event.message.turn === turn);
  const ended = at((event) => event.type === 'reply.ended' && event.turn === turn);
  return ended === Number.POSITIVE_INFINITY ? ended : ended - asked;
};
