import type { Call } from './answer.ts';
import type { Fault } from './faults.ts';
import type { RequestMessage } from './request.ts';

/** One request for an answer, for tests to look at. */
export type LoggedRequest = {
  number: number;
  at: string;
  model: string;
  stream: boolean;
  messages: RequestMessage[];
  tools: string[];
  fault: Fault['fault'] | null;
  said: { text: string; calls: Call[] };
  /** `closed`: the client went away before the end. */
  outcome: 'open' | 'sent' | 'closed';
};

const KEPT = 100;

/** Characters of prompts that are kept in all: 100 requests of any size must not fill the memory. */
const KEPT_CHARACTERS = 4_000_000;

/** Remembers the last requests and counts all. */
export const createRequestLog = () => {
  let count = 0;
  let characters = 0;
  const kept: LoggedRequest[] = [];
  return {
    /** Adds a request as number `count`; the caller notes its outcome on what is returned. */
    add(request: Omit<LoggedRequest, 'number' | 'at' | 'outcome'>): LoggedRequest {
      count += 1;
      const logged: LoggedRequest = { number: count, at: new Date().toISOString(), ...request, outcome: 'open' };
      kept.push(logged);
      characters += sizeOf(logged);
      while (kept.length > KEPT || (characters > KEPT_CHARACTERS && kept.length > 1)) {
        const gone = kept.shift();
        if (gone) characters -= sizeOf(gone);
      }
      return logged;
    },
    count: (): number => count,
    /** The last `limit` requests, oldest first. */
    last: (limit = KEPT): LoggedRequest[] => kept.slice(-limit),
  };
};

export type RequestLog = ReturnType<typeof createRequestLog>;

const sizeOf = ({ messages }: LoggedRequest): number => messages.reduce((sum, { content }) => sum + content.length, 0);
