import type { DeskEvent, Position } from '../../../contracts/events.ts';
import type { Line } from '../recording.ts';
import { type Case, shorten, type Violation } from './case.ts';

/** `text` is `null` when its beginning was trimmed from the log before a snapshot: nothing of it can be shown. */
type Reply = { attempt: number; text: string | null };

/**
 * P3, P4 and P8 on the wire, without the product's own client: what every connection was sent is put together again here.
 * After a snapshot or a proven resume each event follows the last one; each attempt's text grows at its end; an attempt that
 * was superseded is never heard again; what was ended is what Postgres has.
 */
export const checkStream = ({ conversation, lines, evidence }: Case): Violation[] => {
  const readers = new Map<string, ReturnType<typeof createReader>>();
  return lines.flatMap((line) => {
    if (!('client' in line)) return [];
    const reader = readers.get(line.client) ?? createReader(evidence);
    readers.set(line.client, reader);
    return reader.read(line).map(([promise, what]) => ({ promise, conversation, what: `${line.client}: ${what}` }));
  });
};

type Finding = [promise: string, what: string];

const createReader = (evidence: Case['evidence']) => {
  let asked: Position | null = null;
  /** `undefined`: a snapshot is due. */
  let at: Position | null | undefined;
  let replies = new Map<number, Reply>();
  /** Attempts whose start was heard since the last snapshot: nothing of their text can be missing. */
  let started = new Set<string>();

  const forget = (): void => {
    replies = new Map();
    started = new Set();
  };

  const readEvent = (event: DeskEvent): Finding[] => {
    if (event.type === 'reply.started') started.add(`${event.turn}.${event.attempt}`);
    if (event.type !== 'reply.delta' && event.type !== 'reply.ended') return [];
    const { turn, attempt } = event;
    const before = replies.get(turn);
    if (before && before.attempt > attempt)
      return [['P4', `turn ${turn}: ${event.type} of attempt ${attempt} after attempt ${before.attempt} was heard`]];
    const text = before?.attempt === attempt ? before.text : '';
    const skipped = event.type === 'reply.delta' ? event.offset : event.length;
    const isTrimmed = text === '' && skipped > 0 && !started.has(`${turn}.${attempt}`);
    if (text === null || isTrimmed) {
      replies.set(turn, { attempt, text: null });
      return [];
    }
    if (event.type === 'reply.delta') {
      replies.set(turn, { attempt, text: text + event.text });
      return event.offset === text.length
        ? []
        : [['P3', `turn ${turn}, attempt ${attempt}: a delta at ${event.offset} after ${text.length} characters`]];
    }
    const stored = evidence.messages.find(({ id }) => id === `a:${turn}`);
    if (text.length !== event.length)
      return [['P3', `turn ${turn}: ended with ${event.length} characters after ${text.length}`]];
    return stored?.text === text
      ? []
      : [['P3', `turn ${turn}: was told ${shorten(text)}, Postgres has ${shorten(stored?.text ?? '')}`]];
  };

  const read = (line: Line): Finding[] => {
    switch (line.type) {
      case 'hello':
        asked = line.position;
        return [];
      case 'welcome':
        at = line.resumed ? asked : undefined;
        if (!line.resumed) forget();
        return line.resumed && !asked ? [['P8', 'resumed without a position']] : [];
      case 'snapshot':
        at = line.position;
        forget();
        return [];
      case 'events':
        return line.events.flatMap(({ position, event }) => {
          const isNext =
            at !== undefined &&
            (at === null ? position.seq === 1 : position.generation === at.generation && position.seq === at.seq + 1);
          const from = at ? `${at.generation} ${at.seq}` : at === null ? 'the beginning' : 'no snapshot';
          at = position;
          return [
            ...(isNext ? [] : [['P8', `${position.generation} ${position.seq} came after ${from}`] satisfies Finding]),
            ...readEvent(event),
          ];
        });
      default:
        return [];
    }
  };
  return { read };
};
