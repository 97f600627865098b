import { z } from 'zod';
import { agentId, agentStatus, deskName } from './desk.ts';
import { source } from './events.ts';
import { bye, error, events, heartbeat, PROTOCOL, snapshot } from './frames.ts';
import { clientMessageId, conversationId } from './ids.ts';

// The agents' console over its socket, `/console/socket`: what happens by itself. The session cookie says who it is; frames
// about a conversation have the shapes that customers get, with the conversation's id added. What an agent does goes over HTTP
// (`contracts/console.ts`).

// ── console → server ─────────────────────────────────────────────────────────────────────────────────────────────────

/** First frame of every connection. */
const hello = z.strictObject({ type: z.literal('hello'), protocol: z.literal(PROTOCOL) });

/** Follow a conversation, from a position where there is one; others see that this agent is looking. At most 20 at once. */
const watch = z.strictObject({
  type: z.literal('watch'),
  conversation: conversationId,
  position: z.unknown().optional(),
});
const unwatch = z.strictObject({ type: z.literal('unwatch'), conversation: conversationId });

/** Somebody writes a reply, told every few seconds while they do: other viewers see it, and the customer does. */
const typing = z.strictObject({ type: z.literal('typing'), conversation: conversationId });

export const consoleClientFrame = z.discriminatedUnion('type', [hello, watch, unwatch, typing]);

// ── server → console ─────────────────────────────────────────────────────────────────────────────────────────────────

const offer = {
  desk: deskName,
  offer: z.int().min(1),
  conversationId,
  reason: z.string(),
  /** When it rings out, epoch milliseconds by the server's clock. */
  until: z.number(),
};

/** Answer to `hello`, with the offers that ring. `now` is the server's clock, for countdowns. */
const welcome = z.object({
  type: z.literal('welcome'),
  protocol: z.literal(PROTOCOL),
  agent: z.object({ id: agentId, name: z.string() }),
  offers: z.array(z.object(offer)),
  now: z.number(),
  heartbeatMs: z.int(),
});

const about = { conversation: conversationId };

/** Answer to `watch`. `resumed: false`: a `snapshot` follows. */
const watching = z.object({ type: z.literal('watching'), ...about, resumed: z.boolean() });

/** Who looks at a conversation besides this connection, and who of them writes. */
const presence = z.object({
  type: z.literal('presence'),
  ...about,
  viewers: z.array(z.object({ id: agentId, name: z.string(), typing: z.boolean() })),
});

/** Something that is read over HTTP has changed: a list, or the view of one conversation. */
const changed = z.object({
  type: z.literal('changed'),
  what: z.enum(['lists', 'view', 'me', 'floor']),
  conversation: conversationId.optional(),
});

/**
 * A draft that an agent asked for, as it is written. `offset` is in UTF-16 code units; a delta of a higher `attempt` replaces
 * what earlier ones wrote. `ended` carries the whole text, for a console that missed some of it.
 */
const draft = { ...about, commandId: clientMessageId };
const suggestionDelta = z.object({
  type: z.literal('suggestion.delta'),
  ...draft,
  attempt: z.int(),
  offset: z.int(),
  text: z.string(),
});
const suggestionEnded = z.object({
  type: z.literal('suggestion.ended'),
  ...draft,
  attempt: z.int(),
  text: z.string(),
  sources: z.array(source),
});
/** There will be none: the model is away, or has nothing to go by. */
const suggestionFailed = z.object({ type: z.literal('suggestion.failed'), ...draft });

/** What reaches a console as it was published, by a worker or another node: to one agent, or to everybody at a desk. */
const news = [
  z.object({ type: z.literal('offer.opened'), ...offer }),
  z.object({ type: z.literal('offer.closed'), desk: deskName, offer: z.int(), why: z.string() }),
  z.object({
    type: z.literal('sla.reached'),
    conversationId,
    clock: z.enum(['firstReply', 'nextReply', 'resolution']),
    kind: z.enum(['warning', 'breach']),
  }),
  z.object({ type: z.literal('status.changed'), desk: deskName, status: agentStatus }),
  changed,
  suggestionDelta,
  suggestionEnded,
  suggestionFailed,
] as const;
export const consoleNews = z.discriminatedUnion('type', news);

export const consoleServerFrame = z.discriminatedUnion('type', [
  welcome,
  watching,
  snapshot.extend(about),
  events.extend(about),
  ...news,
  presence,
  heartbeat,
  error.extend({ conversation: conversationId.optional() }),
  bye,
]);

export type ConsoleClientFrame = z.infer<typeof consoleClientFrame>;
export type ConsoleNews = z.infer<typeof consoleNews>;
export type ConsoleServerFrame = z.infer<typeof consoleServerFrame>;
export type ConsoleWelcome = z.infer<typeof welcome>;
export type SuggestionFrame = Extract<ConsoleServerFrame, { type: `suggestion.${string}` }>;
