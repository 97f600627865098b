import type { Case, Violation } from './case.ts';

/**
 * P7, effects: the ledger has an end for each, and what the outside system says that it did is what the ledger says. `failed` is
 * nothing, `done` is once, `unknown` is at most once; and nothing was done of which the ledger does not know.
 */
export const checkEffects = ({ conversation, lines, evidence }: Case): Violation[] => {
  const violation = (what: string): Violation => ({ promise: 'P7', conversation, what });
  const done = lines.flatMap((line) => (line.type === 'outside' && line.did === 'done' ? line.tool : []));
  const known = new Set(evidence.effects.map(({ tool }) => tool));
  return [
    ...evidence.effects.flatMap(({ turn, call, tool, state }) => {
      const [least, most] = TIMES[state] ?? [0, 0];
      const times = done.filter((one) => one === tool).length;
      // Without lines of an outside system nobody recorded what it did.
      const isWrong = lines.some(({ type }) => type === 'outside') && (times < least || times > most);
      return [
        ...(state === 'intended' ? [violation(`effect ${turn}.${call} (${tool}) has no end`)] : []),
        ...(isWrong ? [violation(`effect ${turn}.${call} (${tool}) is ${state} and was done ${times} times`)] : []),
      ];
    }),
    ...done.filter((tool) => !known.has(tool)).map((tool) => violation(`${tool} was done and is not in the ledger`)),
  ];
};

/** How often each state may have been done outside, at least and at most. */
const TIMES: Partial<Record<Case['evidence']['effects'][number]['state'], [number, number]>> = {
  intended: [0, 1],
  done: [1, 1],
  unknown: [0, 1],
  undone: [1, 1],
};
