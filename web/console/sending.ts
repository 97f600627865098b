import type { ErrorCode } from '../../contracts/frames.ts';
import type { Clock } from '../clock.ts';
import { createMemory, type OutgoingMessage } from '../memory.ts';
import { createOutbox } from '../outbox.ts';
import { type Api, RefusedError } from './api.ts';
import type { Keep } from './drafts.ts';

export type SendingDeps = {
  send: Api['send'];
  clock: Clock;
  newId(): string;
  /** Where an agent's unsent messages to a conversation outlive the page. */
  keep(conversation: string): Keep;
};

/** What agents wrote and the conversation does not show yet: the customer page's outbox, over HTTP, one for each conversation. */
export const createSending = ({ send, clock, newId, keep }: SendingDeps) => {
  const listeners = new Set<() => void>();
  let online = false;
  let pending: Readonly<Record<string, readonly OutgoingMessage[]>> = {};

  const open = (conversation: string) => {
    const kept = keep(conversation);
    const memory = createMemory({
      get: () => kept.get() ?? JSON.stringify({ session: null, conversation, outbox: [] }),
      set: (value) => kept.set((JSON.parse(value) as { outbox: unknown[] }).outbox.length > 0 ? value : null),
    });
    const outbox = createOutbox({
      memory,
      clock,
      newId,
      changed() {
        pending = { ...pending, [conversation]: outbox.entries() };
        for (const listener of listeners) listener();
      },
      transmit({ clientMessageId, text }) {
        send(conversation, { clientMessageId, text }).then(
          () => outbox.acknowledged(clientMessageId),
          (error: unknown) => outbox.refused({ code: codeOf(error), clientMessageId }),
        );
      },
    });
    pending = { ...pending, [conversation]: outbox.entries() };
    if (online) outbox.goOnline(conversation);
    return outbox;
  };

  const outboxes = new Map<string, ReturnType<typeof open>>();
  const of = (conversation: string) => {
    const outbox = outboxes.get(conversation) ?? open(conversation);
    outboxes.set(conversation, outbox);
    return outbox;
  };

  return {
    pending: () => pending,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Brings back what an earlier page left. */
    open: (conversation: string): void => void of(conversation),
    add: (conversation: string, text: string): void => void of(conversation).add(text, conversation),
    retry: (conversation: string, id: string): void => of(conversation).retry(id, conversation),
    discard: (conversation: string, id: string): void => of(conversation).discard(id),
    /** The conversation shows these messages. */
    seen: (conversation: string, ids: ReadonlySet<string>): void =>
      of(conversation).seen((clientMessageId) => ids.has(`g:${clientMessageId}`)),
    setOnline(now: boolean): void {
      if (now === online) return;
      online = now;
      for (const [conversation, outbox] of outboxes) now ? outbox.goOnline(conversation) : outbox.goOffline();
    },
  };
};

export type Sending = ReturnType<typeof createSending>;

const codeOf = (error: unknown): ErrorCode => {
  if (!(error instanceof RefusedError) || error.status >= 500) return 'unavailable';
  if (error.status === 429) return 'rate_limited';
  if (error.status === 409) return 'conflict';
  return error.status === 404 || error.status === 403 ? 'not_found' : 'invalid';
};
