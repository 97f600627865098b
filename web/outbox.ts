import type { ErrorCode, Send } from '../contracts/frames.ts';
import { pauseBefore } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Memory, OutgoingMessage } from './memory.ts';

/** An acknowledgement takes about 10 ms. After this long the link lives but the answer does not come: ask again. */
const ACK_TIMEOUT_MS = 15_000;

/** An error that names what it refuses. */
export type Refusal = {
  code: ErrorCode;
  clientMessageId?: string | undefined;
  commandId?: string | undefined;
  retryAfterMs?: number | undefined;
};

export type OutboxDeps = {
  memory: Memory;
  clock: Clock;
  newId(): string;
  /** Puts the frame on the wire; called only between `goOnline` and `goOffline`. */
  transmit(frame: Send): void;
  changed(): void;
};

/**
 * What the customer wrote and the conversation does not show yet, in order. One message is on its way at a time: were
 * the next one sent before the acknowledgement, a refusal for its rate would let it overtake the refused one.
 */
export const createOutbox = ({ memory, clock, newId, transmit, changed }: OutboxDeps) => {
  let entries: readonly OutgoingMessage[] = adopt(memory.read());
  let online = false;
  let inFlight: string | null = null;
  let failures = 0;
  let cancelWait: (() => void) | null = null;

  const wait = (ms: number): void => {
    cancelWait?.();
    cancelWait = clock.after(ms, () => {
      cancelWait = null;
      inFlight = null;
      pump();
    });
  };

  const stopWaiting = (): void => {
    cancelWait?.();
    cancelWait = null;
    inFlight = null;
  };

  const pump = (): void => {
    const next = entries.find(({ status }) => status === 'pending');
    if (!online || cancelWait || !next) return;
    inFlight = next.clientMessageId;
    wait(ACK_TIMEOUT_MS);
    transmit({ type: 'send', clientMessageId: next.clientMessageId, text: next.text });
  };

  const commit = (next: readonly OutgoingMessage[]): void => {
    const ours = new Set([...entries, ...next].map(({ clientMessageId }) => clientMessageId));
    entries = next;
    memory.change(({ outbox }) => ({
      outbox: [...outbox.filter(({ clientMessageId }) => !ours.has(clientMessageId)), ...next],
    }));
    changed();
  };

  const mark = (clientMessageId: string, marks: Pick<OutgoingMessage, 'status' | 'reason'>): void =>
    commit(entries.map((entry) => (entry.clientMessageId === clientMessageId ? { ...entry, ...marks } : entry)));

  const add = (text: string, conversation: string | null): string => {
    const clientMessageId = newId();
    const at = new Date(clock.now()).toISOString();
    commit([...entries, { clientMessageId, text, at, conversation, status: 'pending' }]);
    pump();
    return clientMessageId;
  };

  const settle = (clientMessageId: string): void => {
    if (inFlight === clientMessageId) stopWaiting();
  };

  const fail = (clientMessageId: string, reason: ErrorCode): void => {
    settle(clientMessageId);
    mark(clientMessageId, { status: 'failed', reason });
    pump();
  };

  return {
    entries: () => entries,
    add,
    goOnline(conversation: string): void {
      online = true;
      commit(entries.map((entry) => ({ ...entry, conversation: entry.conversation ?? conversation })));
      pump();
    },
    goOffline(): void {
      online = false;
      stopWaiting();
    },
    acknowledged(clientMessageId: string): void {
      settle(clientMessageId);
      failures = 0;
      mark(clientMessageId, { status: 'sent' });
      pump();
    },
    refused({ code, clientMessageId, retryAfterMs }: Refusal): void {
      if (!entries.some((entry) => entry.clientMessageId === clientMessageId) || clientMessageId === undefined) return;
      if (code !== 'rate_limited' && code !== 'unavailable') fail(clientMessageId, code);
      else if (inFlight === clientMessageId) wait(Math.max(pauseBefore(failures++, clock.random), retryAfterMs ?? 0));
    },
    fail,
    /** The conversation shows these: an acknowledgement that was lost on its way is not needed any more. */
    seen(isShown: (clientMessageId: string) => boolean): void {
      const unseen = entries.filter(({ clientMessageId }) => !isShown(clientMessageId));
      if (unseen.length === entries.length) return;
      if (inFlight && isShown(inFlight)) stopWaiting();
      commit(unseen);
      pump();
    },
    /** The conversation is gone. Nothing is sent to another one unasked: it may have been read in the old one. */
    abandon(): void {
      stopWaiting();
      const unsent = entries.filter(({ status }) => status !== 'sent');
      commit(unsent.map((entry) => ({ ...entry, status: 'failed', reason: entry.reason ?? 'not_found' })));
    },
    /** Forgets a failed message. */
    discard(clientMessageId: string): void {
      commit(entries.filter((entry) => entry.clientMessageId !== clientMessageId || entry.status !== 'failed'));
    },
    /** Sends a failed message again, as a new one. */
    retry(clientMessageId: string, conversation: string | null): void {
      const entry = entries.find((each) => each.clientMessageId === clientMessageId && each.status === 'failed');
      if (!entry) return;
      commit(entries.filter((each) => each !== entry));
      add(entry.text, conversation);
    },
  };
};

export type Outbox = ReturnType<typeof createOutbox>;

/** Messages left behind by an earlier page. What belongs to another conversation waits for the customer's decision. */
const adopt = ({ outbox, conversation }: ReturnType<Memory['read']>): OutgoingMessage[] =>
  outbox.flatMap((entry) => {
    if (entry.conversation === null || entry.conversation === conversation) return entry;
    return entry.status === 'sent' ? [] : { ...entry, status: 'failed' as const, reason: 'not_found' as const };
  });
