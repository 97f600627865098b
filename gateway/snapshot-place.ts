import type { Message } from '../contracts/events.ts';
import type { Head } from '../stream/event-log.ts';

/** A turn takes most of a minute to fail while Postgres is away, and is recorded within 10 s of its return. */
const UNRECORDED_TURNS = 3;

/**
 * Behind which event a snapshot stands: the start of the turn opened last. Where its own start is trimmed, what is left of it:
 * better half a reply than snapshots for ever. Where an earlier turn ended while Postgres was away and is not recorded yet, only
 * the log has it: all that it holds then, of which what was recorded is known already.
 */
export const placeOf = ({ turn, turnStart, first }: Head, messages: readonly Message[]): number => {
  const ended = new Set(messages.flatMap((message) => (message.author === 'customer' ? [] : message.turn)));
  const oldest = Math.max(1, turn - UNRECORDED_TURNS);
  const isRecorded = Array.from({ length: turn - oldest }, (_, index) => ended.has(oldest + index)).every(Boolean);
  return isRecorded ? Math.max(turnStart, first - 1) : first - 1;
};
