import { z } from 'zod';

/**
 * A conversation id is 16 random bytes and a 16-byte MAC over them and the owner (`gateway/grants.ts`), base64url after
 * `cnv_`. It doubles as the Temporal workflow id and as the hash tag of the conversation's Redis keys.
 */
export const conversationId = z.string().regex(/^cnv_[A-Za-z0-9_-]{43}$/);

/** Chosen by the sender, unique within its conversation, repeated on every resend. */
export const clientMessageId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/**
 * Who owns a conversation: a signed-in customer of the company (`customer:` and the company's own id for them) or an
 * anonymous visitor (`visitor:` and 16 random bytes).
 */
export const subject = z.string().regex(/^(customer:[^\s]{1,128}|visitor:[A-Za-z0-9_-]{22})$/u);

/**
 * Ids of messages are made of recorded ids, so that writing one twice is a no-op:
 * `c:<clientMessageId>` for a customer's, `a:<turn>` for the assistant's, `g:<clientMessageId>` for an agent's.
 */
export const messageId = z.string().regex(/^([cg]:[A-Za-z0-9_-]{8,64}|a:\d{1,9})$/);

export type ConversationId = z.infer<typeof conversationId>;
export type ClientMessageId = z.infer<typeof clientMessageId>;
export type Subject = z.infer<typeof subject>;
export type MessageId = z.infer<typeof messageId>;

export const customerMessageId = (id: ClientMessageId): MessageId => `c:${id}`;
export const agentMessageId = (id: ClientMessageId): MessageId => `g:${id}`;
export const assistantMessageId = (turn: number): MessageId => `a:${turn}`;

/** The company's id of a signed-in customer, or `null` for a visitor: what tools are allowed to act for. */
export const verifiedCustomer = (owner: Subject): string | null =>
  owner.startsWith('customer:') ? owner.slice('customer:'.length) : null;
