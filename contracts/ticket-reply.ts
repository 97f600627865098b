import { z } from 'zod';
import { isStorable } from './text.ts';

/**
 * Payload of the `ticketReplied` signal: what a person wrote in a ticket for the customer to read. It may come more than
 * once; ticket and comment together are its id. `text` is visible, and 16 KiB at most.
 */
export const ticketReply = z.strictObject({
  ticketId: z.string().min(1).max(100),
  commentId: z.string().min(1).max(100),
  text: z.string().min(1).refine(isStorable),
  at: z.iso.datetime({ offset: true }),
});

export type TicketReply = z.infer<typeof ticketReply>;
