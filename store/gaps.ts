import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** A question that had no answer, without a word of who asked it or where. `intent` is `null` where none could be told. */
export type Unanswered = { question: string; language: string | null; intent: string | null; at: Date };

/** Every method rejects with `StoreUnavailable`. */
export const createGaps = (db: Database) => ({
  /** What customers asked in the last `days` and neither knowledge nor tools could answer, newest first. */
  async unanswered(days: number, limit: number): Promise<Unanswered[]> {
    const { rows } = await reaching(
      sql<Unanswered>`
        select string_agg(messages.text, E'\\n' order by messages.ordinal) as question,
               turns.understanding ->> 'language' as language,
               turns.understanding -> 'intent' ->> 'intent' as intent, turns.ended_at as at
        from turns join messages using (conversation_id, turn)
        where turns.unanswered and messages.author = 'customer' and turns.ended_at > now() - ${days}::integer * interval '1 day'
        group by conversation_id, turn, turns.understanding, turns.ended_at
        order by turns.ended_at desc limit ${limit}`.execute(db),
    );
    return rows;
  },
});
