import type { Evidence } from '../evidence.ts';
import type { Line } from '../recording.ts';

/** A promise that did not hold, as `promises.md` numbers them, and what shows it. */
export type Violation = { promise: string; conversation: string; what: string };

/** What a fault allows beyond the promises' own words. */
export type Allowances = {
  /** Longest way of an event from the log to a connected client, milliseconds. */
  deliveryMs?: number;
  /** Longest turn, milliseconds. */
  turnMs?: number;
  /** Workflow tasks may fail with these words; the conversation has to go on all the same. */
  failures?: RegExp;
};

/** One conversation as everybody saw it. */
export type Case = Required<Allowances> & { conversation: string; lines: Line[]; evidence: Evidence };

/** Short text for a message. */
export const shorten = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
