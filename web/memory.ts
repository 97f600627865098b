import type { ErrorCode } from '../contracts/frames.ts';
import { isFields, parseFields } from './json.ts';

/** A message of the customer that the conversation does not show yet. */
export type OutgoingMessage = {
  clientMessageId: string;
  text: string;
  /** When it was written, ISO 8601 in UTC. */
  at: string;
  /** The conversation it was written in; `null` when none had been handed out yet. */
  conversation: string | null;
  /** `sent`: acknowledged, so it cannot be lost, but not yet seen in the conversation. `failed`: it needs the customer. */
  status: 'pending' | 'sent' | 'failed';
  /** Why it failed. */
  reason?: ErrorCode;
};

/** The customer pressed "talk to a person", and the conversation does not show yet that one is on the way. */
export type PersonWish = {
  clientMessageId: string;
  /** The conversation it was made in; `null` when none had been handed out yet. */
  conversation: string | null;
  /** Of the conversation when it was made: a later one shows what became of it. */
  term: number;
};

/** The customer's rating on its way. */
export type PendingRating = {
  commandId: string;
  conversation: string | null;
  score: number;
  comment?: string;
};

/** What outlives the page. */
export type Remembered = {
  session: string | null;
  conversation: string | null;
  outbox: readonly OutgoingMessage[];
  /** Asked for, and not acknowledged. */
  person: PersonWish | null;
  /** Given, and not answered. */
  rating: PendingRating | null;
};

/** One string that outlives the client: an entry of `localStorage`, a file, a variable. Neither method may throw. */
export interface Storage {
  get(): string | null;
  set(value: string): void;
}

export type Memory = {
  read(): Remembered;
  /** Reads before it writes: another tab of the same customer writes to the same place. */
  change(change: (now: Remembered) => Partial<Remembered>): void;
};

const nothing: Remembered = { session: null, conversation: null, outbox: [], person: null, rating: null };

export const createMemory = (storage: Storage): Memory => {
  const read = (): Remembered => parse(storage.get());
  return {
    read,
    change(change) {
      const now = read();
      storage.set(JSON.stringify({ ...now, ...change(now) }));
    },
  };
};

/** Storage that ends with the process. */
export const forgetfulStorage = (initial: Partial<Remembered> = {}): Storage => {
  let held = JSON.stringify({ ...nothing, ...initial });
  return {
    get: () => held,
    set(value) {
      held = value;
    },
  };
};

/** Anyone can write to a browser's storage: what does not look like ours counts as nothing. */
const parse = (text: string | null): Remembered => {
  const { session, conversation, outbox, person, rating } = parseFields(text ?? '') ?? {};
  return {
    session: typeof session === 'string' ? session : null,
    conversation: typeof conversation === 'string' ? conversation : null,
    outbox: Array.isArray(outbox) ? outbox.filter(isOutgoing) : [],
    person: isWish(person) ? person : null,
    rating: isRating(rating) ? rating : null,
  };
};

const isOutgoing = (entry: unknown): entry is OutgoingMessage =>
  isFields(entry) &&
  [entry.clientMessageId, entry.text, entry.at].every((field) => typeof field === 'string') &&
  isConversation(entry.conversation) &&
  (entry.status === 'pending' || entry.status === 'sent' || entry.status === 'failed');

const isConversation = (value: unknown): boolean => value === null || typeof value === 'string';

const isWish = (entry: unknown): entry is PersonWish =>
  isFields(entry) &&
  typeof entry.clientMessageId === 'string' &&
  typeof entry.term === 'number' &&
  isConversation(entry.conversation);

const isRating = (entry: unknown): entry is PendingRating =>
  isFields(entry) &&
  typeof entry.commandId === 'string' &&
  typeof entry.score === 'number' &&
  ['string', 'undefined'].includes(typeof entry.comment) &&
  isConversation(entry.conversation);
