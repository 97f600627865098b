import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** What a claim takes with it of those that are over, so that the table does not grow. */
const SWEPT = 20;

/** Webhooks that were let in, for all gateways together. Every method rejects with `StoreUnavailable`. */
export const createSeenDeliveries = (db: Database) => ({
  /** Marks a key for `ttlMs`, in one step. `false`: it is marked already. */
  async claim(key: string, ttlMs: number): Promise<boolean> {
    const { rows } = await reaching(
      sql<{ key: string }>`
        with swept as (
          delete from seen_deliveries where key in (
            select key from seen_deliveries where until < now() and key <> ${key}
            limit ${SWEPT} for update skip locked)
        )
        insert into seen_deliveries (key, until) values (${key}, now() + ${ttlMs} * interval '1 millisecond')
        on conflict (key) do update set until = excluded.until where seen_deliveries.until < now()
        returning key`.execute(db),
    );
    return rows.length === 1;
  },

  async release(key: string): Promise<void> {
    await reaching(db.deleteFrom('seen_deliveries').where('key', '=', key).execute());
  },
});
