import { verifiedCustomer } from '../contracts/ids.ts';
import type { Crm } from '../integrations/crm/crm.ts';
import type { NewTicket, Ticket, Ticketing } from '../integrations/ticketing/ticketing.ts';
import type { ConversationTickets } from '../store/conversation-tickets.ts';
import { within } from './deadline.ts';

export type TicketDeskDeps = {
  /** The adapter's name, since ids are its own. */
  system: string;
  ticketing: Ticketing;
  crm: Pick<Crm, 'find'>;
  tickets: ConversationTickets;
};

export type TicketDesk = ReturnType<typeof createTicketDesk>;

/** Tickets of conversations. Rejects with `RemoteUnavailable`, `RemoteRefused` or `StoreUnavailable`. */
export const createTicketDesk = ({ system, ticketing, crm, tickets }: TicketDeskDeps) => ({
  /** Opens a ticket for a conversation once per key. Whoever dies in between finds it by its key and records it then. */
  async open(
    { conversationId, owner }: { conversationId: string; owner: string },
    ticket: Omit<NewTicket, 'requester'>,
  ): Promise<Ticket> {
    const opened = await ticketing.open({ ...ticket, requester: await requesterOf(crm, owner) });
    await tickets.add({ system, ticketId: opened.id }, conversationId);
    return opened;
  },

  comment: ticketing.comment,

  async setStatus(ticketId: string, status: Ticket['status']): Promise<void> {
    await ticketing.setStatus(ticketId, status);
    await tickets.setStatus({ system, ticketId }, status);
  },

  /** Ids of the conversation's tickets that are not solved. */
  openOf: (conversationId: string) => tickets.open(system, conversationId),

  isOfSameOwner: (ticketId: string, conversationId: string) =>
    tickets.isOfSameOwner({ system, ticketId }, conversationId),
});

/** A CRM that takes longer is not waited for, milliseconds: the ticket would not be opened in its tool's time. */
const CRM_MS = 1_500;

/** A ticket is opened also where the CRM cannot say whom it is for: its people have the transcript. */
const requesterOf = async (crm: Pick<Crm, 'find'>, owner: string): Promise<NewTicket['requester']> => {
  const customerId = verifiedCustomer(owner);
  if (customerId === null) return null;
  const profile = await within(
    CRM_MS,
    crm.find({ customerId, email: null }).catch(() => null),
  );
  return profile?.email ? { name: profile.name, email: profile.email } : null;
};
