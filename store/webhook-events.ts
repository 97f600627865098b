import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** An event on its way out. `owner` is that of the conversation, `detail` holds ids and numbers, never text. */
export type WebhookEvent = {
  id: string;
  type: string;
  at: string;
  conversationId: string;
  owner: string;
  detail: Record<string, unknown>;
  attempts: number;
};

/** `dead`: given up, until somebody replays it. */
export type WaitingEvent = Omit<WebhookEvent, 'owner' | 'detail'> & { dead: boolean; lastError: string | null };

/** Every method rejects with `StoreUnavailable`. */
export type WebhookEvents = ReturnType<typeof createWebhookEvents>;

export const createWebhookEvents = (db: Database) => ({
  /** From now on every fact of a conversation is announced; `null`: none is any more. */
  async announceTo(url: string | null): Promise<void> {
    if (url === null) await reaching(db.deleteFrom('webhook_target').execute());
    else
      await reaching(
        db
          .insertInto('webhook_target')
          .values({ url })
          .onConflict((conflict) => conflict.column('singleton').doUpdateSet({ url }))
          .execute(),
      );
  },

  /** Takes one that is due, or `null`. It is due again `againMs` later unless something is said of it until then. */
  async take(againMs: number): Promise<WebhookEvent | null> {
    const { rows } = await reaching(
      sql<WebhookEvent>`
        with due as (
          select id from webhook_events where due_at <= now() order by due_at limit 1 for update skip locked
        ), taken as (
          update webhook_events e set attempts = attempts + 1, due_at = now() + ${againMs} * interval '1 millisecond'
          from due where e.id = due.id returning e.*
        )
        select taken.id, type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
               conversation_id as "conversationId", c.owner, detail, attempts
        from taken join conversations c on c.id = taken.conversation_id`.execute(db),
    );
    return rows[0] ?? null;
  },

  async delivered(id: string): Promise<void> {
    await reaching(db.deleteFrom('webhook_events').where('id', '=', id).execute());
  },

  /** `againMs`: when to try again; `null` gives it up. */
  async failed(id: string, reason: string, againMs: number | null): Promise<void> {
    await reaching(
      db
        .updateTable('webhook_events')
        .set({
          last_error: reason,
          due_at: againMs === null ? null : sql`now() + ${againMs} * interval '1 millisecond'`,
        })
        .where('id', '=', id)
        .execute(),
    );
  },

  /** Those that are not delivered, oldest first: the dead alone, or those that wait too. */
  async waiting(which: 'dead' | 'all', limit: number): Promise<WaitingEvent[]> {
    const { rows } = await reaching(
      sql<WaitingEvent>`
        select id, type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
               conversation_id as "conversationId", attempts, due_at is null as dead, last_error as "lastError"
        from webhook_events where ${which} = 'all' or due_at is null order by webhook_events.at, id limit ${limit}`.execute(
        db,
      ),
    );
    return rows;
  },

  /** Puts dead ones back on their way, one or all. How many. */
  async replay(id: string | null): Promise<number> {
    const { numAffectedRows = 0n } = await reaching(
      sql`
        update webhook_events set due_at = now(), attempts = 0
        where due_at is null and (${id}::uuid is null or id = ${id}::uuid)`.execute(db),
    );
    return Number(numAffectedRows);
  },
});
