import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** How customers found it. Every method rejects with `StoreUnavailable`. */
export type Ratings = ReturnType<typeof createRatings>;

export const createRatings = (db: Database) => ({
  /**
   * Keeps the rating of a conversation that has asked for one, and announces it without the comment. Safe to run again: the first
   * one counts.
   *
   * @returns the score that counts; `null` where nobody asked
   */
  async give(conversationId: string, score: number, comment: string | null): Promise<number | null> {
    const { rows } = await reaching(
      // The update changes nothing: it is how a score is read that another connection has just written.
      sql<{ score: number }>`
        with given as (
          insert into ratings (conversation_id, score, comment)
          select ${conversationId}, ${score}, ${comment}::text
          where exists (select from records where conversation_id = ${conversationId}
                        and type = 'conversation.resolved' and detail @> '{"rate": true}')
          on conflict (conversation_id) do update set score = ratings.score
          returning score, xmax = 0 as is_first
        ), announced as (
          insert into records (conversation_id, type, detail)
          select ${conversationId}, 'conversation.rated', jsonb_build_object('score', score) from given where is_first
        )
        select score from given`.execute(db),
    );
    return rows[0]?.score ?? null;
  },
});
