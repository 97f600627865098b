import type { Rate } from '../contracts/frames.ts';
import type { Clock } from './clock.ts';
import type { Memory, PendingRating } from './memory.ts';
import type { Refusal } from './outbox.ts';
import { createResending } from './resending.ts';

export type RatingDeps = {
  memory: Memory;
  clock: Clock;
  newId(): string;
  /** Called only between `goOnline` and `goOffline`. */
  transmit(frame: Rate): void;
  /** The score that counts is known. */
  counted(score: number): void;
  changed(): void;
};

/** One rating, kept over a reload and sent until the desk says which one counts. */
export const createRating = ({ memory, clock, newId, transmit, counted, changed }: RatingDeps) => {
  const resending = createResending({ clock, transmit });
  let pending: PendingRating | null = memory.read().rating;
  let hasFailed = false;

  const set = (next: PendingRating | null): void => {
    pending = next;
    memory.change(() => ({ rating: next }));
    changed();
  };

  const send = (): void => {
    if (!pending) return;
    const { conversation: _, ...rating } = pending;
    resending.insist(rating.commandId, { type: 'rate', ...rating });
  };

  const forget = (): void => {
    resending.forget();
    hasFailed = false;
    if (pending) set(null);
  };

  return {
    /** `failed`: it cannot be kept; the customer may try again. */
    status: (): 'sending' | 'failed' | null => (pending ? 'sending' : hasFailed ? 'failed' : null),
    /** Nothing happens while one is on its way. */
    rate(conversation: string | null, score: number, comment?: string): void {
      if (pending) return;
      hasFailed = false;
      const said = comment?.trim();
      set({ commandId: newId(), conversation, score, ...(said ? { comment: said } : {}) });
      send();
    },
    goOnline(conversation: string): void {
      if (pending && pending.conversation !== conversation) forget();
      send();
      resending.goOnline();
    },
    goOffline: resending.goOffline,
    rated({ commandId, score }: { commandId: string; score: number }): void {
      resending.answered(commandId);
      if (pending?.commandId === commandId) set(null);
      counted(score);
    },
    refused({ code, commandId, retryAfterMs }: Refusal): void {
      if (!resending.refused(commandId, code, retryAfterMs)) return;
      hasFailed = true;
      set(null);
    },
    /** The conversation is another. */
    forget,
  };
};
