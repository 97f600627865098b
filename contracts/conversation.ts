import { z } from 'zod';
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

export type CustomerMessage = z.infer<typeof customerMessage>;
export type ConversationStart = z.infer<typeof conversationStart>;
export type TurnFence = z.infer<typeof turnFence>;
