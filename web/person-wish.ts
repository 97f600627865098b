import type { Owner } from '../contracts/events.ts';
import type { PersonFrame } from '../contracts/frames.ts';
import type { Clock } from './clock.ts';
import type { Memory, PersonWish } from './memory.ts';
import type { Refusal } from './outbox.ts';
import { createResending } from './resending.ts';

/** The conversation has it, and hears it after a reply that is under way. Nothing comes for that long: one may ask again. */
const HEARD_WITHIN_MS = 30_000;

export type PersonWishDeps = {
  memory: Memory;
  clock: Clock;
  newId(): string;
  /** Called only between `goOnline` and `goOffline`. */
  transmit(frame: PersonFrame): void;
  changed(): void;
};

/** One wish at a time, kept over a reload and sent until it is acknowledged. */
export const createPersonWish = ({ memory, clock, newId, transmit, changed }: PersonWishDeps) => {
  const resending = createResending({ clock, transmit });
  let wish: PersonWish | null = memory.read().person;
  let isAcknowledged = false;
  let cancelWait: (() => void) | undefined;

  const set = (next: PersonWish | null): void => {
    wish = next;
    memory.change(() => ({ person: isAcknowledged ? null : next }));
    changed();
  };

  const drop = (): void => {
    if (!wish) return;
    cancelWait?.();
    resending.forget();
    set(null);
  };

  const send = (): void => {
    if (wish && !isAcknowledged)
      resending.insist(wish.clientMessageId, { type: 'person', clientMessageId: wish.clientMessageId });
  };

  return {
    status: (): 'pending' | 'sent' | null => (wish ? (isAcknowledged ? 'sent' : 'pending') : null),
    /** A second press does nothing. */
    ask(conversation: string | null, term: number): void {
      if (wish) return;
      isAcknowledged = false;
      set({ clientMessageId: newId(), conversation, term });
      send();
    },
    goOnline(conversation: string): void {
      if (wish && wish.conversation !== null && wish.conversation !== conversation) drop();
      else if (wish) set({ ...wish, conversation });
      send();
      resending.goOnline();
    },
    goOffline: resending.goOffline,
    acknowledged(clientMessageId: string): void {
      if (wish?.clientMessageId !== clientMessageId || isAcknowledged) return;
      resending.answered(clientMessageId);
      isAcknowledged = true;
      set(wish);
      cancelWait = clock.after(HEARD_WITHIN_MS, drop);
    },
    refused({ code, clientMessageId, retryAfterMs }: Refusal): void {
      if (resending.refused(clientMessageId, code, retryAfterMs)) drop();
    },
    /** What the conversation shows: whose it is, and since which term. */
    seen(owner: Owner, term: number): void {
      if (wish && (owner !== 'assistant' || term > wish.term)) drop();
    },
    /** The conversation is another. */
    forget: drop,
  };
};
