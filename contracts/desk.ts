import { z } from 'zod';
import { conversationId } from './ids.ts';

// What a desk is told and what it tells. The workflow takes only types from here.

/** Name of a desk of the playbook. */
export const deskName = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);
export const agentId = z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$/);

/** `wrapUp` is the desk's own: nobody sets it. Only who is `online` is offered anything; who is `offline` holds nothing. */
export const agentStatus = z.enum(['online', 'busy', 'away', 'wrapUp', 'offline']);

export const agentProfile = z.strictObject({
  id: agentId,
  name: z.string().min(1).max(80),
  skills: z.array(z.string()),
  languages: z.array(z.string()),
  /** How much may be held at once; a conversation weighs 1 unless its handoff says otherwise. */
  capacity: z.int().min(1).max(20),
});

/** Payload of `agentChanged`. Later `seq`s win, so that a change which comes late undoes nothing. */
export const agentChange = z.strictObject({
  agent: agentProfile,
  status: agentStatus.exclude(['wrapUp']),
  seq: z.int().min(0),
});

/**
 * Payload of `handOff`: a conversation wants a person. `term` is the one it waits in; a higher one replaces what the desk
 * knows, a lower one is late and changes nothing. `at` and `dueAt` are epoch milliseconds.
 */
export const handoff = z.strictObject({
  conversationId,
  term: z.int().min(1),
  reason: z.string().max(64),
  language: z.string().max(16),
  skills: z.array(z.string()),
  weight: z.int().min(1).max(20),
  /** 0 to 3; what each step is worth is the desk's `agingMs`. */
  priority: z.int().min(0).max(3),
  at: z.number(),
  /** Who served this customer before: asked first. */
  sticky: agentId.exactOptional(),
  /** Who it was transferred to: nobody else is asked unless they refuse or leave. */
  wish: agentId.exactOptional(),
});

/** Payload of `conversationLeft`: it is no longer the desk's. `term` is the one it has left the desk with. */
export const conversationLeft = z.strictObject({
  conversationId,
  term: z.int().min(1),
  how: z.enum(['resolved', 'givenBack', 'moved']),
});

/** Payload of `directWaiting`: a conversation that waits here in this term is for one person, whoever it rings at now. */
export const direction = z.strictObject({ conversationId, term: z.int().min(1), agent: agentId });

/** Payload of the update `answerOffer`. */
export const offerAnswer = z.strictObject({
  commandId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/),
  agent: agentId,
  offer: z.int().min(1),
  answer: z.enum(['accept', 'decline']),
});

export const deskSwitch = z.enum(['hours', 'open', 'closed']);

/** What becomes of who waited too long or came while the desk is closed. */
export const giveUpAs = z.enum(['ticket', 'assistant']);

export type AgentStatus = z.infer<typeof agentStatus>;
export type AgentProfile = z.infer<typeof agentProfile>;
export type AgentChange = z.infer<typeof agentChange>;
export type Handoff = z.infer<typeof handoff>;
export type ConversationLeft = z.infer<typeof conversationLeft>;
export type Direction = z.infer<typeof direction>;
export type OfferAnswer = z.infer<typeof offerAnswer>;
export type DeskSwitch = z.infer<typeof deskSwitch>;
export type GiveUpAs = z.infer<typeof giveUpAs>;
