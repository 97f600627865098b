import { z } from 'zod';
import { action, actionDecision, actionId } from './actions.ts';
import { language } from './conversation.ts';
import { loggedEvent, message, ownerChange, position, queuePlace } from './events.ts';
import { clientMessageId, conversationId } from './ids.ts';
import { messageText } from './text.ts';

/** Raised when a frame changes in a way that an older peer would misread. */
export const PROTOCOL = 1;

// ── client → server ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * First frame of every connection. `session` is the token of an earlier `welcome`; `identity` is the company's JWT for a
 * signed-in customer. Without `conversation` a new one is handed out; with `position` the client asks to go on from there.
 */
export const hello = z.strictObject({
  type: z.literal('hello'),
  protocol: z.literal(PROTOCOL),
  session: z.string().max(2048).optional(),
  identity: z.string().max(4096).optional(),
  /** The customer's language, for the sentences that the model does not write. */
  language: language.optional(),
  conversation: z.strictObject({ id: z.string().max(128), position: z.unknown().optional() }).optional(),
});

/** A customer's message. Resend it with the same `clientMessageId` until its `ack` came. */
export const send = z.strictObject({
  type: z.literal('send'),
  clientMessageId,
  text: messageText,
  /** Ends the reply in flight; without it the message is answered after that. */
  interrupt: z.literal(true).optional(),
});

/** Ends the reply of `turn`, if it is still in flight: what was shown stays, and `reply.ended` says that it was stopped. */
export const stop = z.strictObject({ type: z.literal('stop'), turn: z.int().min(1) });

/** The customer's word on an action's card. Repeat it with the same `commandId` until `decided` or a final `error` came. */
export const decide = z.strictObject({ type: z.literal('decide'), ...actionDecision.shape });

/** The customer wants a person, whatever the assistant thinks of it. Resend it with the same id until its `ack` came. */
export const person = z.strictObject({ type: z.literal('person'), clientMessageId });

/** How it was, once, after `conversation.resolved` asked for it. Repeat it with the same `commandId` until `rated` came. */
export const rate = z.strictObject({
  type: z.literal('rate'),
  commandId: clientMessageId,
  score: z.int().min(1).max(5),
  comment: messageText.exactOptional(),
});

export const clientFrame = z.discriminatedUnion('type', [hello, send, stop, decide, person, rate]);

// ── server → client ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Answer to `hello`. `resumed: true`: everything after the position asked for follows as `events`. `resumed: false`: a
 * `snapshot` follows, then events after its position.
 */
export const welcome = z.object({
  type: z.literal('welcome'),
  protocol: z.literal(PROTOCOL),
  session: z.string().optional(),
  conversation: z.object({ id: conversationId }),
  customer: z.object({ id: z.string(), name: z.string().optional() }).nullable(),
  resumed: z.boolean(),
  /** The server sends something at least this often; silence for twice as long means the link is dead. */
  heartbeatMs: z.int(),
  /** The company's name and its assistant's, for the page's header. */
  desk: z.object({ company: z.string(), assistant: z.string() }),
});

/**
 * Everything said so far, from Postgres. It replaces what the client holds. `position: null` says that the log does not
 * exist yet: events start at seq 1. Events of a reply in flight may follow for messages that are already in the snapshot;
 * message ids and turns tell them apart.
 */
export const snapshot = z.object({
  type: z.literal('snapshot'),
  messages: z.array(message),
  /** The conversation's actions as they stand, oldest first, the newest 50; absent where there are none. */
  actions: z.array(action).optional(),
  /** Who has it, and who of the company's people; absent while it is the assistant's. */
  owner: z.object({ owner: z.enum(['waiting', 'agent']), term: z.int(), by: z.string().optional() }).optional(),
  /** Every change of owner, oldest first, the newest 50; absent while it was the assistant's all along. */
  owners: z.array(ownerChange).optional(),
  /** What was last told of its place in the line, while it waits. */
  queue: queuePlace.optional(),
  /** It was resolved, and nothing was said since; `rate` as in `conversation.resolved`. */
  resolved: z.object({ rate: z.boolean() }).optional(),
  /** The customer's rating, where there is one: they are not asked again. */
  rated: z.int().min(1).max(5).optional(),
  position: position.nullable(),
});

/** Temporal holds the message: from here on it cannot be lost. */
export const ack = z.object({ type: z.literal('ack'), clientMessageId });

/** The decision on an action that counts: the first one. What it led to follows as events. */
export const decided = z.object({
  type: z.literal('decided'),
  commandId: clientMessageId,
  action: actionId,
  decision: z.enum(['confirm', 'cancel']),
});

/** The rating that counts: the first one. */
export const rated = z.object({ type: z.literal('rated'), commandId: clientMessageId, score: z.int() });

export const events = z.object({ type: z.literal('events'), events: z.array(loggedEvent).min(1) });

export const heartbeat = z.object({ type: z.literal('heartbeat') });

export const errorCode = z.enum(['invalid', 'not_found', 'conflict', 'rate_limited', 'unavailable', 'expired']);

/** A frame could not be served; the connection stays. `message` is written for the developer, never holds input. */
export const error = z.object({
  type: z.literal('error'),
  code: errorCode,
  message: z.string(),
  clientMessageId: clientMessageId.optional(),
  /** Of the `decide` that was not served. */
  commandId: clientMessageId.optional(),
  retryAfterMs: z.int().optional(),
});

/** The node is leaving: connect again after `reconnectAfterMs`, which differs per client so that no stampede forms. */
export const bye = z.object({ type: z.literal('bye'), reconnectAfterMs: z.int() });

export const serverFrame = z.discriminatedUnion('type', [
  welcome,
  snapshot,
  ack,
  decided,
  rated,
  events,
  heartbeat,
  error,
  bye,
]);

export type ClientFrame = z.infer<typeof clientFrame>;
export type Hello = z.infer<typeof hello>;
export type Send = z.infer<typeof send>;
export type Stop = z.infer<typeof stop>;
export type Decide = z.infer<typeof decide>;
export type PersonFrame = z.infer<typeof person>;
export type Rate = z.infer<typeof rate>;
export type ServerFrame = z.infer<typeof serverFrame>;
export type Welcome = z.infer<typeof welcome>;
export type ErrorCode = z.infer<typeof errorCode>;
