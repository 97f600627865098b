import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';
import { HISTORY } from './turns.ts';

/** What a summary is made of: the one so far, and what was said since, oldest first. */
export type Material = { before: string | null; said: { author: 'customer' | 'assistant'; text: string }[] };

/** Every method rejects with `StoreUnavailable`. */
export type Summaries = ReturnType<typeof createSummaries>;

export const createSummaries = (db: Database) => ({
  /** At most as many messages as a prompt has; `said` is empty when a summary up to `turn` is there. */
  async material(conversationId: string, turn: number): Promise<Material> {
    const { rows } = await reaching(
      sql<Material>`
        with before as (select turn, text from summaries where conversation_id = ${conversationId})
        select (select text from before) as before,
               (select coalesce(json_agg(json_build_object('author', author, 'text', text) order by turn, ordinal), '[]') from (
                  select author, text, turn, ordinal from messages
                  where conversation_id = ${conversationId} and turn <= ${turn}
                    and turn > coalesce((select turn from before), 0)
                  order by turn desc, ordinal desc limit ${HISTORY}) m) as said`.execute(db),
    );
    return rows[0] ?? { before: null, said: [] };
  },

  /** Writes a summary; one that reaches further stays, whoever comes late. */
  async put(conversationId: string, turn: number, text: string): Promise<void> {
    await reaching(
      sql`
        insert into summaries (conversation_id, turn, text) values (${conversationId}, ${turn}, ${text})
        on conflict (conversation_id) do update set turn = excluded.turn, text = excluded.text, at = now()
        where summaries.turn < excluded.turn`.execute(db),
    );
  },
});
