// No schema is imported here: workflows need this.

/** When a turn must have ended, epoch milliseconds, and how long it may take in all. */
export type TurnTime = { deadline: number; turnMs: number };

/** Kept for telling the customer that there is no answer, and for the reply that says what tools did; less in a short turn. */
const telling = (turnMs: number): number => Math.min(5_000, turnMs / 6);
const wording = (turnMs: number): number => Math.min(15_000, turnMs / 4);

/**
 * A turn has one time, which model and tools draw from: how much of it a reply may take from `now` on, and how much tools may,
 * milliseconds. Not above 0 when it is over.
 */
export const timeLeft = ({ deadline, turnMs }: TurnTime, now: number): { forReply: number; forTools: number } => {
  const forReply = Math.floor(deadline - now - telling(turnMs));
  return { forReply, forTools: Math.floor(forReply - wording(turnMs)) };
};
