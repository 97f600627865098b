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
        ...((tookMs ?? 0) > turnMs ? [violation(`turn ${turn} took ${Math.round(tookMs ?? 0)} ms`)] : []),
      ];
    }),
    ...lines.flatMap((line) =>
      line.type === 'unanswered'
        ? [violation(`${line.clientMessageId} had no answer on the screen after ${line.afterMs} ms`)]
        : [],
    ),
  ];
};
