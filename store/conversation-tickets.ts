import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';
import type { TicketStatus } from './tickets.ts';

/** A ticket as its system names it: the adapter that was configured, and the id there. */
export type TicketRef = { system: string; ticketId: string };

/** Which tickets belong to which conversation. Every method rejects with `StoreUnavailable`. */
export type ConversationTickets = ReturnType<typeof createConversationTickets>;

export const createConversationTickets = (db: Database) => ({
  /** Records that a ticket was opened for a conversation, once. */
  async add({ system, ticketId }: TicketRef, conversationId: string): Promise<void> {
    await reaching(
      sql`
        with added as (
          insert into conversation_tickets (system, ticket_id, conversation_id)
          values (${system}, ${ticketId}, ${conversationId}) on conflict do nothing returning ticket_id
        )
        insert into records (conversation_id, type, detail)
        select ${conversationId}, 'ticket.opened', jsonb_build_object('system', ${system}::text, 'ticket', ticket_id)
        from added`.execute(db),
    );
  },

  /** Ids of the conversation's tickets that are not solved, oldest first. */
  async open(system: string, conversationId: string): Promise<string[]> {
    const rows = await reaching(
      db
        .selectFrom('conversation_tickets')
        .select('ticket_id')
        .where('system', '=', system)
        .where('conversation_id', '=', conversationId)
        .where('status', '<>', 'solved')
        .orderBy('opened_at')
        .execute(),
    );
    return rows.map(({ ticket_id }) => ticket_id);
  },

  /** Whether the ticket was opened for somebody's conversation who owns this one too. */
  async isOfSameOwner({ system, ticketId }: TicketRef, conversationId: string): Promise<boolean> {
    const { rows } = await reaching(
      sql<{ found: boolean }>`
        select exists(
          select from conversation_tickets t
          join conversations theirs on theirs.id = t.conversation_id
          join conversations this on this.owner = theirs.owner
          where t.system = ${system} and t.ticket_id = ${ticketId} and this.id = ${conversationId}) as found`.execute(
        db,
      ),
    );
    return rows[0]?.found === true;
  },

  /** Records a ticket's status, and that it changed if it did. */
  async setStatus({ system, ticketId }: TicketRef, status: TicketStatus): Promise<void> {
    await reaching(
      sql`
        with changed as (
          update conversation_tickets set status = ${status}
          where system = ${system} and ticket_id = ${ticketId} and status <> ${status} returning conversation_id
        )
        insert into records (conversation_id, type, detail)
        select conversation_id, 'ticket.changed',
               jsonb_build_object('system', ${system}::text, 'ticket', ${ticketId}::text, 'status', ${status}::text)
        from changed`.execute(db),
    );
  },
});
