import type { TicketReply } from '../contracts/ticket-reply.ts';
import type { Ticketing } from '../integrations/ticketing/ticketing.ts';
import type { ConversationTickets } from '../store/conversation-tickets.ts';
import type { TicketChange, TicketChanges } from '../store/ticket-changes.ts';

export type TicketSyncDeps = {
  system: string;
  ticketing: Pick<Ticketing, 'get' | 'comments'>;
  tickets: Pick<ConversationTickets, 'setStatus'>;
  changes: TicketChanges;
  /** Hands a reply to its conversation. `false`: the conversation does not run; the reply is kept. */
  reply: (conversationId: string, reply: TicketReply) => Promise<boolean>;
};

/**
 * Reads a ticket again that is said to have changed: its status is recorded, and what people wrote for the customer goes
 * to the conversation. What a webhook says of a ticket beyond its id is not believed, so none can put words into a
 * conversation. Rejects with what the systems reject with; the change is then due again later.
 *
 * @returns whether there was one
 */
export const createTicketSync = ({ system, ticketing, tickets, changes, reply }: TicketSyncDeps) => {
  const pass = async (change: TicketChange): Promise<void> => {
    const comments = await ticketing.comments(change.ticketId);
    const forCustomer = comments.filter((comment) => comment.public && comment.ours === null && comment.text !== '');
    const replies = forCustomer.map(({ id, text, at }) => ({ commentId: id, text, at: new Date(at).toISOString() }));
    for (const waiting of await changes.keep(change, replies)) {
      if (!(await reply(change.conversationId, { ticketId: change.ticketId, ...waiting }))) return;
      await changes.delivered(change, waiting.commentId);
    }
  };

  return async (): Promise<boolean> => {
    const change = await changes.take(system);
    if (!change) return false;
    const ticket = await ticketing.get(change.ticketId);
    if (ticket) {
      await tickets.setStatus(change, ticket.status);
      await pass(change);
    }
    await changes.done(change);
    return true;
  };
};
