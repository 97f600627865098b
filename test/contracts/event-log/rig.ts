import { randomBytes } from 'node:crypto';
import type { DeskEvent, LoggedEvent, Position } from '../../../contracts/events.ts';
import type { Draft, EventReader, EventWriter, Halted, Stale } from '../../../stream/event-log.ts';

/** An event log to put on trial: several writers as in several processes, and what may befall it. */
export type EventLogRig = {
  writers: [EventWriter, EventWriter, EventWriter];
  reader: EventReader;
  flush(): Promise<void>;
  trim(conversationId: string, keep: number): Promise<void>;
  /** The server dies with all its data and comes back; resolves when writers and readers work again. */
  restartEmpty(): Promise<void>;
  close(): Promise<void>;
};

export type CreateRig = (settings?: { maxEvents?: number; exact?: boolean }) => Promise<EventLogRig>;

export const newConversationId = (): string => `cnv_${randomBytes(32).toString('base64url')}`;

export const started =
  (turn: number) =>
  (attempt: number): DeskEvent[] => [{ type: 'reply.started', turn, attempt }];

export const delta = (turn: number, attempt: number, offset: number, text: string): DeskEvent => ({
  type: 'reply.delta',
  turn,
  attempt,
  offset,
  text,
});

export const said = (turn: number): DeskEvent => ({
  type: 'message.added',
  message: { id: `c:message-${turn}`, author: 'customer', turn, text: 'hello', at: '2026-01-01T00:00:00.000Z' },
});

/** Fails the test where `stale` or `halted` would be a surprise. */
export const fresh = <T extends Draft | Position>(result: T | Stale | Halted): T => {
  if (typeof result === 'string') throw new Error(`unexpectedly ${result}`);
  return result;
};

/** Everything after a position, in small ranges; `null` when continuity cannot be proven. */
export const readAll = async (
  reader: EventReader,
  conversationId: string,
  after: Position,
  limit = 7,
): Promise<LoggedEvent[] | null> => {
  const events: LoggedEvent[] = [];
  for (;;) {
    const range = await reader.after(conversationId, events.at(-1)?.position ?? after, limit);
    if (!range.continuous) return null;
    if (range.events.length === 0) return events;
    events.push(...range.events);
  }
};

/** Waits for something that live delivery brings about. */
export const eventually = async (condition: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

export const nothing = { once: [], always: () => [] };

/** Opens a turn with a `message.added` and a `reply.started`. */
export const open = async (rig: EventLogRig, id: string, turn: number, term = 0, writer: 0 | 1 = 0) =>
  rig.writers[writer].open(id, { term, turn }, { once: [said(turn)], always: started(turn) });

export const all = async (rig: EventLogRig, id: string, { generation }: Draft) =>
  readAll(rig.reader, id, { generation, seq: 0 });

export const listen = async (reader: EventReader, id: string) => {
  const heard: LoggedEvent[] = [];
  const gaps = { count: 0 };
  const end = await reader.subscribe(id, {
    onEvents: (events) => void heard.push(...events),
    onGap: () => void gaps.count++,
  });
  return { heard, gaps, end };
};

/** The deltas' texts, and the types of the other events. */
export const texts = (events: LoggedEvent[] | null) =>
  events?.map(({ event }) => (event.type === 'reply.delta' ? event.text : event.type)).join(' ');

export const seqs = (events: LoggedEvent[]) => events.map(({ position }) => position.seq);

export const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
