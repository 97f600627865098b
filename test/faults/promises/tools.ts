import type { Case, Violation } from './case.ts';

/** P7, as far as reads go: each call of a finished turn ran to one result, and no two calls share their place. */
export const checkTools = ({ conversation, evidence }: Case): Violation[] => {
  const violation = (what: string): Violation => ({ promise: 'P7', conversation, what });
  const places = evidence.steps.map(({ turn, call }) => `${turn}.${call}`);
  return [
    ...places
      .filter((place, at) => places.indexOf(place) < at)
      .map((place) => violation(`call ${place} is there twice`)),
    ...evidence.steps.flatMap(({ turn, call, result }) => {
      const end = evidence.turns.find((one) => one.turn === turn)?.ended;
      return end === 'final' && result === null
        ? [violation(`turn ${turn} is final, its call ${call} has no result`)]
        : [];
    }),
  ];
};
