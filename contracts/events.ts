import { z } from 'zod';
import { action } from './actions.ts';
import { messageId } from './ids.ts';

/**
 * A place in a conversation's event log. `seq` is gap-free from 1; `generation` is drawn anew when a log is created, so
 * two equal positions mean the same event or the log was lost in between and continuity cannot be proven.
 */
export const position = z.strictObject({
  generation: z.string().regex(/^[A-Za-z0-9_-]{8,32}$/),
  seq: z.int().min(0),
});

/** Where an answer came from; shown under it as a link when the article has a public address. */
export const source = z.object({ title: z.string(), url: z.string().optional() });

/** One message as everyone sees it, in Postgres, in a snapshot and in an event. `at` is ISO 8601 in UTC. */
export const message = z.object({
  id: messageId,
  author: z.enum(['customer', 'assistant', 'agent']),
  /** The agent's name as the customer sees it; absent on everybody else's. */
  by: z.string().optional(),
  turn: z.int().min(1),
  text: z.string(),
  at: z.iso.datetime(),
  /** How the assistant's reply ended; absent on everybody else's message. */
  end: z.enum(['final', 'stopped', 'escalated', 'failed']).optional(),
  sources: z.array(source).optional(),
});

const owned = {
  owner: z.enum(['assistant', 'waiting', 'agent']),
  term: z.int().min(0),
  /** The name of the agent who has it. */
  by: z.string().optional(),
};

/** A change of owner as it was recorded. */
export const ownerChange = z.object({ ...owned, at: z.iso.datetime() });

/** A place in the line of a desk, 1 for who is next; `null` while nobody is there to say how long it takes. */
export const queuePlace = z.object({ position: z.int().min(1), expectedMs: z.int().min(0).nullable() });

const attempt = { turn: z.int().min(1), attempt: z.int().min(1) };

/** What happens in a conversation, noun-verb. Only `stream/` puts these into the log. */
export const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message.added'), message }),
  z.object({ type: z.literal('reply.started'), ...attempt }),
  /** The answer takes longer than usual: what to tell the customer meanwhile. Gone with the first delta. */
  z.object({ type: z.literal('reply.delayed'), turn: z.int().min(1), text: z.string() }),
  /**
   * `text` belongs at `offset` (UTF-16 code units) of this attempt's text. The first delta of a higher attempt replaces
   * what earlier attempts of the turn showed; until then that stays.
   */
  z.object({ type: z.literal('reply.delta'), ...attempt, offset: z.int().min(0), text: z.string().min(1) }),
  /** `length` is that of the whole text: a reader that holds another length has missed something. */
  z.object({
    type: z.literal('reply.ended'),
    ...attempt,
    end: z.enum(['final', 'stopped', 'escalated', 'failed']),
    length: z.int().min(0),
    sources: z.array(source).optional(),
    /** The answer was made before, for somebody who asked the same. */
    cached: z.boolean().optional(),
  }),
  z.object({ type: z.literal('tool.started'), turn: z.int(), call: z.int(), name: z.string(), title: z.string() }),
  z.object({ type: z.literal('tool.ended'), turn: z.int(), call: z.int(), name: z.string(), ok: z.boolean() }),
  /** Nothing has happened yet: the customer is asked. */
  z.object({ type: z.literal('action.proposed'), action }),
  /** How it went on; replaces what was known of the action. */
  z.object({ type: z.literal('action.changed'), action }),
  z.object({ type: z.literal('owner.changed'), ...owned }),
  /** The customer moved in the line. */
  z.object({ type: z.literal('queue.changed'), ...queuePlace.shape }),
  /** An agent is writing; good for a few seconds. */
  z.object({ type: z.literal('agent.typing'), by: z.string() }),
  /** Nothing is open any more; the next message opens it again. With `rate` the customer is asked once how it was. */
  z.object({ type: z.literal('conversation.resolved'), by: z.enum(['assistant', 'agent']), rate: z.boolean() }),
  z.object({ type: z.literal('conversation.closed') }),
]);

/** An event as it is delivered. `id` tells two events apart that a lost fail-over gave the same position. */
export const loggedEvent = z.object({ id: z.string(), at: z.iso.datetime(), position, event });

export type Position = z.infer<typeof position>;
export type Source = z.infer<typeof source>;
export type Message = z.infer<typeof message>;
export type ReplyEnd = NonNullable<Message['end']>;
export type DeskEvent = z.infer<typeof event>;
export type Owner = Extract<DeskEvent, { type: 'owner.changed' }>['owner'];
export type OwnerChange = z.infer<typeof ownerChange>;
export type QueuePlace = z.infer<typeof queuePlace>;
export type LoggedEvent = z.infer<typeof loggedEvent>;
