import type { DeskEvent } from '../contracts/events.ts';
import type { Draft, EventWriter } from '../stream/event-log.ts';

/**
 * Least time between two appends of one reply, milliseconds. A model writes 30 to 100 tokens a second; readers cannot
 * tell 20 updates a second from more, and each append costs Redis, every gateway and every widget a wake-up.
 */
const PACE_MS = 50;

/** Streams one attempt's text into the event log: the first words at once, then paced, one append in flight at a time. */
export type DraftWriter = ReturnType<typeof createDraftWriter>;

/**
 * @param stale called once when the log refuses an append: the caller stops the model
 */
export const createDraftWriter = (events: EventWriter, draft: Draft, stale: () => void) => {
  let pending = '';
  let appended = 0;
  let refused = false;
  let failure: unknown;
  let flight: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const delta = (): DeskEvent[] =>
    pending === ''
      ? []
      : [{ type: 'reply.delta', turn: draft.turn, attempt: draft.attempt, offset: appended, text: pending }];

  const append = async (batch: DeskEvent[]) => {
    appended += pending.length;
    pending = '';
    if ((await events.append(draft, batch)) === 'stale') {
      refused = true;
      stale();
    }
  };

  const flush = () => {
    timer = undefined;
    if (pending === '' || refused || failure !== undefined) return;
    flight = append(delta())
      .catch((error: unknown) => {
        failure = error;
        stale();
      })
      .finally(() => {
        flight = undefined;
        timer = setTimeout(flush, PACE_MS);
      });
  };

  return {
    /** Adds text to the attempt; it is visible within `PACE_MS` and one append. */
    push(text: string) {
      pending += text;
      if (!flight && !timer) flush();
    },

    /** Waits for what is in flight and stops the pace. Rejects with what an append failed with. */
    async settle(): Promise<void> {
      await flight;
      clearTimeout(timer);
      timer = undefined;
      if (failure !== undefined) throw failure;
    },

    /** Appends the rest of the text and `last` as one. `false`: stale, nothing of it is visible. */
    async end(last: DeskEvent[]): Promise<boolean> {
      await this.settle();
      if (!refused) await append([...delta(), ...last]);
      return !refused;
    },

    /** Characters handed over so far, visible or not. */
    get length() {
      return appended + pending.length;
    },
  };
};
