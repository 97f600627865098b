import type { LoggedEvent, Position } from '../contracts/events.ts';

/** How an event stands to what was delivered before it: it follows, it came already, some are missing, or the log is another. */
export type Place = 'next' | 'seen' | 'hole' | 'lost';

/** How many delivered events are remembered by id. The same event arrives twice only within the time of one read. */
const REMEMBERED = 256;

/**
 * Where a reader of a log stands. Seq and generation alone cannot tell an event from another that a fail-over put into
 * its place, so the ids of the last ones are kept: an old seq under an unknown id means that the log was lost.
 */
export const createContinuity = (start: Position | null) => {
  let at = start;
  const ids = new Map<number, string>();
  return {
    /** `null` while there is no log. */
    position: (): Position | null => at,
    place({ id, position }: LoggedEvent): Place {
      if (!at) return position.seq === 1 ? 'next' : 'hole';
      if (position.generation !== at.generation) return 'lost';
      if (position.seq === at.seq + 1) return 'next';
      if (position.seq > at.seq) return 'hole';
      return ids.get(position.seq) === id ? 'seen' : 'lost';
    },
    advance({ id, position }: LoggedEvent): void {
      at = position;
      ids.set(position.seq, id);
      ids.delete(position.seq - REMEMBERED);
    },
    /** Whether the log still has the event at `position()` under the id that was delivered, or that is seen first. */
    confirm(id: string | undefined): boolean {
      if (!at || id === undefined) return true;
      const known = ids.get(at.seq) ?? id;
      ids.set(at.seq, known);
      return known === id;
    },
  };
};

export type Continuity = ReturnType<typeof createContinuity>;
