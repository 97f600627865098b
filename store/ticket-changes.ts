import { sql } from 'kysely';
import type { TicketRef } from './conversation-tickets.ts';
import { type Database, reaching } from './database.ts';

/** A ticket to be read again. `changedAt` names the change, as Postgres writes it. */
export type TicketChange = TicketRef & { conversationId: string; changedAt: string };

/** A reply in a ticket that its conversation does not hold yet. */
export type TicketReply = { commentId: string; text: string; at: string };

/** Every method rejects with `StoreUnavailable`. */
export type TicketChanges = ReturnType<typeof createTicketChanges>;

export const createTicketChanges = (db: Database) => ({
  /** Notes that a ticket changed; one that was not opened for a conversation is none of ours. */
  async note({ system, ticketId }: TicketRef): Promise<void> {
    await reaching(
      sql`
        insert into ticket_changes (system, ticket_id)
        select system, ticket_id from conversation_tickets where system = ${system} and ticket_id = ${ticketId}
        on conflict (system, ticket_id) do update set changed_at = clock_timestamp(), due_at = now(), attempts = 0`.execute(
        db,
      ),
    );
  },

  /**
   * Takes one that is due, or `null`. It is due again after a while, longer each time, unless it is `done`: whoever takes
   * it may die.
   */
  async take(system: string): Promise<TicketChange | null> {
    const { rows } = await reaching(
      sql<TicketChange>`
        with due as (
          select system, ticket_id from ticket_changes where system = ${system} and due_at <= now()
          order by due_at limit 1 for update skip locked
        ), taken as (
          update ticket_changes c
          set attempts = attempts + 1, due_at = now() + least(interval '1 hour', interval '1 minute' * 2 ^ least(attempts, 6))
          from due where c.system = due.system and c.ticket_id = due.ticket_id
          returning c.system, c.ticket_id, c.changed_at
        )
        select taken.system, taken.ticket_id as "ticketId", t.conversation_id as "conversationId",
               taken.changed_at::text as "changedAt"
        from taken join conversation_tickets t using (system, ticket_id)`.execute(db),
    );
    return rows[0] ?? null;
  },

  /** What it said was read and passed on. A change that came meanwhile stays. */
  async done({ system, ticketId, changedAt }: TicketChange): Promise<void> {
    await reaching(
      sql`
        delete from ticket_changes
        where system = ${system} and ticket_id = ${ticketId} and changed_at = ${changedAt}::timestamptz`.execute(db),
    );
  },

  /** Keeps replies that are new, and says which ones the conversation does not hold yet, oldest first. */
  async keep({ system, ticketId }: TicketRef, replies: readonly TicketReply[]): Promise<TicketReply[]> {
    const { rows } = await reaching(
      sql<TicketReply>`
        with kept as (
          insert into ticket_replies (system, ticket_id, comment_id, text, at)
          select ${system}, ${ticketId}, r."commentId", r.text, r.at
          from jsonb_to_recordset(${JSON.stringify(replies)}::jsonb) as r("commentId" text, text text, at timestamptz)
          on conflict do nothing returning comment_id, text, at
        )
        select comment_id as "commentId", text, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
        from (
          select comment_id, text, at from kept
          union
          select comment_id, text, at from ticket_replies
          where system = ${system} and ticket_id = ${ticketId} and delivered_at is null) as waiting
        order by waiting.at, waiting.comment_id`.execute(db),
    );
    return rows;
  },

  async delivered({ system, ticketId }: TicketRef, commentId: string): Promise<void> {
    await reaching(
      sql`
        update ticket_replies set delivered_at = now()
        where system = ${system} and ticket_id = ${ticketId} and comment_id = ${commentId}`.execute(db),
    );
  },
});
