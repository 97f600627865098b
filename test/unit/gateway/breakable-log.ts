import type { DeskEvent, LoggedEvent } from '../../../contracts/events.ts';
import type { EventReader } from '../../../stream/event-log.ts';

type Listener = Parameters<EventReader['subscribe']>[1];

/** A log of one conversation with everything that befalls one, fail-over included. Events are told apart by id alone. */
export const createBreakableLog = () => {
  const listeners = new Set<Listener>();
  let generations = 0;
  let ids = 0;
  let generation = '';
  let entries: LoggedEvent[] = [];
  let primary = 0;
  let seq = 0;
  let turn = 0;
  let turnStart = 0;
  /** `down` rejects, `hangs` never answers, `deaf` loses what is published. */
  const faults = { down: false, hangs: false, deaf: false, lateMs: 0 };
  const calls = { head: 0, after: 0, subscribe: 0 };

  const answer = async <T>(value: () => T): Promise<T> => {
    if (faults.hangs) await new Promise(() => {});
    if (faults.down) throw new Error('Redis is down');
    if (faults.lateMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.lateMs));
    return value();
  };

  const reader: EventReader = {
    head() {
      calls.head += 1;
      return answer(() =>
        generation === '' ? null : { generation, seq, first: entries[0]?.position.seq ?? seq + 1, turn, turnStart },
      );
    },
    after(_id, position, limit) {
      calls.after += 1;
      return answer(() => {
        const first = entries[0]?.position.seq ?? seq + 1;
        const isContinuous = position.generation === generation && position.seq <= seq && position.seq >= first - 1;
        if (!isContinuous) return { continuous: false };
        const events = entries.filter((entry) => entry.position.seq > position.seq).slice(0, limit);
        return { continuous: true, events };
      });
    },
    async subscribe(_id, listener) {
      calls.subscribe += 1;
      await answer(() => undefined);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  return {
    reader,
    faults,
    calls,
    listeners,
    entries: () => entries,
    head: () => ({ generation, seq }),
    append(...events: DeskEvent[]): void {
      if (generation === '') {
        generations += 1;
        generation = `generation-${generations}`;
      }
      const added = events.map((event): LoggedEvent => {
        ids += 1;
        seq += 1;
        if (event.type === 'reply.started') {
          turn = event.turn;
          turnStart = seq - 1;
        }
        return { id: `e${ids}`, at: new Date(0).toISOString(), position: { generation, seq }, event };
      });
      entries = [...entries, ...added];
      if (faults.deaf) return;
      const publishedOn = primary;
      const publish = (): void => {
        if (publishedOn === primary) for (const listener of listeners) listener.onEvents(added);
      };
      if (faults.lateMs > 0) setTimeout(publish, faults.lateMs);
      else publish();
    },
    flush(): void {
      generation = '';
      entries = [];
      seq = 0;
      turn = 0;
      turnStart = 0;
    },
    trim: (keep: number): void => {
      entries = keep > 0 ? entries.slice(-keep) : [];
    },
    /** A fail-over to a replica that never got the newest events; what was still under way went with the old primary. */
    lose(count: number): void {
      primary += 1;
      entries = entries.slice(0, Math.max(0, entries.length - count));
      seq = entries.at(-1)?.position.seq ?? Math.max(0, seq - count);
      turnStart = Math.min(turnStart, seq);
    },
    /** The connection of the subscriptions was lost and is back. */
    interrupt(): void {
      for (const listener of listeners) listener.onGap();
    },
  };
};

export type BreakableLog = ReturnType<typeof createBreakableLog>;
