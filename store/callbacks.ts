import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** `at` is a local time like `2026-11-25T10:30` in `timeZone`. */
export type NewCallback = {
  conversationId: string;
  key: string;
  phone: string;
  at: string;
  timeZone: string;
  reason: string;
};

export type Callbacks = ReturnType<typeof createCallbacks>;

export const createCallbacks = (db: Database) => ({
  /** Promises a call once per key; the first time and number stay. Its id either way. Rejects with `StoreUnavailable`. */
  async add({ conversationId, key, phone, at, timeZone, reason }: NewCallback): Promise<string> {
    const { rows } = await reaching(
      sql<{ id: string }>`
        insert into callbacks (conversation_id, key, phone, at, reason)
        values (${conversationId}, ${key}, ${phone}, ${at}::timestamp at time zone ${timeZone}, ${reason})
        on conflict (key) do update set key = excluded.key
        returning id::text`.execute(db),
    );
    return rows[0]?.id ?? '';
  },
});
