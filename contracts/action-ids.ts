// No schema is imported here: workflows need these.

export const actionIdOf = ({ turn, call }: { turn: number; call: number }): string => `${turn}.${call}`;

/** The turn and the call of an action's id, which `actionId` has checked. */
export const callOf = (id: string): { turn: number; call: number } => {
  const [turn, call] = id.split('.').map(Number);
  return { turn: turn ?? 0, call: call ?? 0 };
};
