import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { conversationId, type Subject } from '../contracts/ids.ts';

/** 128 bits each: unguessable, and no chance of meeting the MAC of another. */
const NONCE_BYTES = 16;
const MAC_BYTES = 16;

/**
 * Conversation ids that carry their own proof of ownership. Whether someone owns one is known without a look-up, on any
 * node, with every store down; and an id that was never handed out cannot be told from one that belongs to another.
 */
export const createGrants = (secret: string) => {
  const seal = (nonce: Buffer, subject: Subject): string => {
    const mac = createHmac('sha256', secret).update('conversation:').update(nonce).update(subject).digest();
    return `cnv_${Buffer.concat([nonce, mac.subarray(0, MAC_BYTES)]).toString('base64url')}`;
  };
  return {
    mintConversationId: (subject: Subject): string => seal(randomBytes(NONCE_BYTES), subject),

    /** `id` may be anything. The whole id is compared, since base64url lets four last characters mean the same bytes. */
    owns(subject: Subject, id: string): boolean {
      const isWellFormed = conversationId.safeParse(id).success;
      const nonce = Buffer.alloc(NONCE_BYTES);
      if (isWellFormed) nonce.set(Buffer.from(id.slice('cnv_'.length), 'base64url').subarray(0, NONCE_BYTES));
      const expected = Buffer.from(seal(nonce, subject));
      return timingSafeEqual(expected, isWellFormed ? Buffer.from(id) : Buffer.alloc(expected.length)) && isWellFormed;
    },
  };
};

export type Grants = ReturnType<typeof createGrants>;
