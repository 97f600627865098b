import { z } from 'zod';
import { agentId, deskName, giveUpAs } from './desk.ts';
import { clientMessageId, conversationId, subject } from './ids.ts';
import { messageText } from './text.ts';

/** As browsers name languages (BCP 47, language and region only): `de`, `pt-BR`. */
export const language = z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/);

/** Payload of the `customerMessage` signal. `at` is when the gateway accepted it. */
export const customerMessage = z.strictObject({ clientMessageId, text: messageText, at: z.iso.datetime() });

/** First argument of the `conversation` workflow, the same for every `customerMessage` that may start it. */
export const conversationStart = z.strictObject({
  conversationId,
  owner: subject,
  channel: z.enum(['web', 'terminal']),
  language: language.exactOptional(),
});

/** Who may put words into the conversation: a position in the order of owners and turns. Decided by the workflow alone. */
export const turnFence = z.strictObject({ term: z.int().min(0), turn: z.int().min(1) });

/** Payload of the `agentMessage` signal. The gateway has checked that the conversation is this agent's. */
export const agentMessage = z.strictObject({
  clientMessageId,
  agent: agentId,
  by: z.string().min(1).max(80),
  text: messageText,
  at: z.iso.datetime(),
});

/** Payload of the update `acceptConversation`. `term` is the one that it waits in. */
export const acceptance = z.strictObject({ agent: agentId, by: z.string(), term: z.int().min(1) });

/**
 * Payload of the update `releaseConversation`: the agent is done with it. `transfer` takes it to a desk, its own where none is
 * named, and there to one person where `wish` is given.
 */
export const release = z.strictObject({
  agent: agentId,
  term: z.int().min(1),
  how: z.enum(['giveBack', 'resolve', 'transfer']),
  desk: deskName.exactOptional(),
  wish: agentId.exactOptional(),
  /** How a resolved one ended, and why, in the agent's words. */
  outcome: z.enum(['agent', 'abandoned', 'ticketed']).exactOptional(),
  note: z.string().max(500).exactOptional(),
});

/** Payload of the signal `suggestReply`. What becomes of it goes to the consoles of `agent`, under this `commandId`. */
export const suggestionWanted = z.strictObject({ commandId: clientMessageId, agent: agentId, term: z.int().min(0) });

/** Payload of the signal `deskDecided`, valid for the term it names: the agent is gone, the wait is over, or another desk's. */
export const deskDecision = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('return'), term: z.int(), agent: agentId }),
  z.strictObject({ kind: z.literal('giveUp'), term: z.int(), as: giveUpAs, why: z.enum(['waited', 'closed']) }),
  z.strictObject({ kind: z.literal('overflow'), term: z.int(), desk: deskName, wish: agentId.exactOptional() }),
]);

export type AgentMessage = z.infer<typeof agentMessage>;
export type Acceptance = z.infer<typeof acceptance>;
export type SuggestionWanted = z.infer<typeof suggestionWanted>;
export type Release = z.infer<typeof release>;
export type DeskDecision = z.infer<typeof deskDecision>;
export type CustomerMessage = z.infer<typeof customerMessage>;
export type ConversationStart = z.infer<typeof conversationStart>;
export type TurnFence = z.infer<typeof turnFence>;
