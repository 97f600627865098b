import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

export type TicketStatus = 'open' | 'pending' | 'solved';

/** Ids are whole numbers as text; anything else is an error of the caller. Every method rejects with `StoreUnavailable`. */
export type Tickets = ReturnType<typeof createTickets>;

export const createTickets = (db: Database) => ({
  /** Writes a ticket unless there is one with its key; the ticket either way. The first text stays. */
  async open(ticket: {
    key: string;
    subject: string;
    text: string;
    requesterName: string | null;
    requesterEmail: string | null;
  }): Promise<{ id: string; status: TicketStatus }> {
    const { key, subject, text, requesterName, requesterEmail } = ticket;
    const row = await reaching(
      db
        .insertInto('tickets')
        .values({ key, subject, text, requester_name: requesterName, requester_email: requesterEmail })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ key }))
        .returning(['id', 'status'])
        .executeTakeFirstOrThrow(),
    );
    return row;
  },

  async byKey(key: string): Promise<{ id: string; status: TicketStatus } | null> {
    const row = await reaching(
      db.selectFrom('tickets').select(['id', 'status']).where('key', '=', key).executeTakeFirst(),
    );
    return row ?? null;
  },

  async byId(id: string): Promise<{ id: string; status: TicketStatus } | null> {
    const row = await reaching(
      db.selectFrom('tickets').select(['id', 'status']).where('id', '=', id).executeTakeFirst(),
    );
    return row ?? null;
  },

  /** Writes a comment unless the ticket has one with its key; its id either way, or `null` when there is no such ticket. */
  async comment(id: string, comment: { key: string; text: string; public: boolean }): Promise<string | null> {
    const { rows } = await reaching(
      sql<{ id: string }>`
        insert into ticket_comments (ticket_id, key, text, public)
        select id, ${comment.key}, ${comment.text}, ${comment.public} from tickets where id = ${id}
        on conflict (ticket_id, key) do update set key = excluded.key
        returning id::text`.execute(db),
    );
    return rows[0]?.id ?? null;
  },

  /** Oldest first; `null` when there is no such ticket. `ours` is the key of a comment that has one. */
  async comments(
    id: string,
    limit: number,
  ): Promise<{ id: string; ours: string | null; text: string; public: boolean; at: string }[] | null> {
    const { rows } = await reaching(
      sql<{ id: string | null; ours: string | null; text: string; public: boolean; at: Date }>`
        select c.id::text, c.key as ours, c.text, c.public, c.at
        from tickets t left join ticket_comments c on c.ticket_id = t.id
        where t.id = ${id} order by c.id limit ${limit}`.execute(db),
    );
    if (rows.length === 0) return null;
    return rows.flatMap(({ id: comment, at, ...row }) =>
      comment === null ? [] : [{ ...row, id: comment, at: at.toISOString() }],
    );
  },

  /** Whether there is such a ticket. */
  async setStatus(id: string, status: TicketStatus): Promise<boolean> {
    const result = await reaching(
      db.updateTable('tickets').set({ status, updated_at: sql`now()` }).where('id', '=', id).executeTakeFirst(),
    );
    return result.numUpdatedRows > 0n;
  },
});
