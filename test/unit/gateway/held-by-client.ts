import type { CloseCode } from '../../../contracts/close-codes.ts';
import type { LoggedEvent, Message, Position } from '../../../contracts/events.ts';
import type { ServerFrame } from '../../../contracts/frames.ts';
import type { Link } from '../../../gateway/link.ts';

/** A client that believes every frame, and throws at one that does not follow from what it holds. */
export const createClient = (resumedFrom?: Position) => {
  const frames: ServerFrame[] = [];
  let position: Position | null = resumedFrom ?? null;
  let hasStart = resumedFrom !== undefined;
  let messages: readonly Message[] = [];
  let events: LoggedEvent[] = [];
  let closed: CloseCode | null = null;

  const take = ({ position: at, id }: LoggedEvent): void => {
    if (!hasStart) throw new Error(`event ${id} before the snapshot`);
    const isNext = at.seq === (position?.seq ?? 0) + 1 && (!position || position.generation === at.generation);
    if (!isNext) throw new Error(`event ${at.generation}/${at.seq} after ${position?.generation}/${position?.seq}`);
    position = at;
  };

  const link: Link = {
    send(frame) {
      frames.push(structuredClone(frame));
      if (frame.type === 'snapshot') {
        ({ messages, position } = frame);
        hasStart = true;
        events = [];
      }
      if (frame.type === 'events') {
        for (const logged of frame.events) take(logged);
        events.push(...frame.events);
      }
    },
    flushed: async () => {},
    close(code) {
      closed ??= code;
    },
  };

  return {
    link,
    frames,
    types: () => frames.map(({ type }) => type),
    /** The newest frame of a type. */
    last: <T extends ServerFrame['type']>(type: T) =>
      frames.findLast((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type),
    held: () => ({ messages, position, events }),
    closeCode: () => closed,
  };
};
