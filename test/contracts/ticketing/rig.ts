import type { Ticketing } from '../../../integrations/ticketing/ticketing.ts';
import type { Fault } from '../../fakes/faults.ts';

/** An adapter and the system behind it. */
export type TicketingRig = {
  ticketing: Ticketing;
  /** The same adapter, set up with an address where nobody listens. */
  unreachable?: Ticketing;
  /** What the outside world would see, counted. */
  effects: () => Promise<{ tickets: number; comments: number }>;
  /** Makes the next writes fail, and how the first attempt ends where that is certain. */
  fail: (...faults: Fault[]) => void;
  /** Makes every request fail. */
  failAll: (fault: Fault) => void;
  faults: Partial<Record<Fault, Expected>>;
  heal: () => Promise<void> | void;
  /** A person in the ticket system writes a public comment. */
  agentComments: (id: string, text: string) => Promise<void> | void;
  /** Every text that was written to it, as stored. */
  texts: () => Promise<string[]> | string[];
  close: () => Promise<void>;
};

/** `done`: it succeeds at once. Else the error of the first attempt; the next one must succeed. */
export type Expected = 'done' | { name: string; outcome?: 'not_sent' | 'unknown'; retryAfterMs?: number };

export type CreateRig = () => Promise<TicketingRig>;
