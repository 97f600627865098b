import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { loggedEvent, message, position } from '../../contracts/events.ts';
import { errorCode } from '../../contracts/frames.ts';

/** Who saw it, in which conversation. */
const seen = { client: z.string(), conversation: z.string() };

const fact = z.discriminatedUnion('type', [
  /** The position that a connection asked to go on from; `null`: none. */
  z.object({ type: z.literal('hello'), client: z.string(), position: position.nullable() }),
  z.object({ type: z.literal('welcome'), ...seen, resumed: z.boolean() }),
  z.object({ type: z.literal('snapshot'), ...seen, position: position.nullable(), messages: z.array(message) }),
  z.object({ type: z.literal('events'), ...seen, events: z.array(loggedEvent) }),
  z.object({ type: z.literal('sent'), ...seen, clientMessageId: z.string(), text: z.string() }),
  z.object({ type: z.literal('acked'), ...seen, clientMessageId: z.string() }),
  z.object({ type: z.literal('refused'), ...seen, clientMessageId: z.string(), code: errorCode }),
  z.object({ type: z.literal('closed'), client: z.string(), code: z.int() }),
  /** What the client shows of a reply in flight, whenever that changes. */
  z.object({ type: z.literal('shown'), ...seen, turn: z.int(), attempt: z.int(), text: z.string() }),
  /** What the client shows when everything has come to rest. */
  z.object({ type: z.literal('settled'), ...seen, messages: z.array(message), replying: z.boolean() }),
  /** The client gave up waiting for the answer to a message. */
  z.object({ type: z.literal('unanswered'), ...seen, clientMessageId: z.string(), afterMs: z.number() }),
  /** What an outside system was asked to do, did, answered again, or was found to have done, by its own account. */
  z.object({
    ...{ type: z.literal('outside'), did: z.enum(['asked', 'done', 'repeated', 'found']) },
    ...{ conversation: z.string(), tool: z.string(), key: z.string().nullable() },
  }),
  /** Something was done to the system. `struck` are the clients that were in the middle of it. */
  z.object({ type: z.literal('injected'), what: z.string(), target: z.string(), struck: z.array(z.string()) }),
  /** What was done is over: mended, woken, replaced, gone. */
  z.object({ type: z.literal('over'), what: z.string(), target: z.string() }),
]);

/** One line of a run: something that an actor did or saw. `at` is epoch milliseconds of the one clock that all share. */
export const line = z.intersection(z.object({ at: z.number() }), fact);

export type Fact = z.infer<typeof fact>;
export type Line = z.infer<typeof line>;
export type LineOf<T extends Fact['type']> = Extract<Fact, { type: T }> & { at: number };

export type Recording = {
  add(fact: Fact): void;
  lines(): readonly Line[];
};

/** Keeps the lines of a run in memory and, where there is a file, appends each to it as JSON. */
export const createRecording = (file?: string): Recording => {
  const lines: Line[] = [];
  return {
    add(fact) {
      const stamped = { at: now(), ...fact };
      lines.push(stamped);
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(stamped)}\n`);
    },
    lines: () => lines,
  };
};

/** Epoch milliseconds with their fraction. */
export const now = (): number => performance.timeOrigin + performance.now();

export const readRecording = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => line.parse(JSON.parse(text)));
