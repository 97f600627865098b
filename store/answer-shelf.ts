import { sql } from 'kysely';
import type { Source } from '../contracts/events.ts';
import { isStale } from './answers.ts';
import { type Database, reaching } from './database.ts';

/** A kept answer as an operator sees it. `stale`: something that it was made from changed, so it is not served. */
export type KeptAnswer = {
  id: string;
  audience: 'visitor' | 'customer';
  language: string;
  intent: string;
  question: string;
  text: string;
  sources: Source[];
  pinned: boolean;
  stale: boolean;
  served: number;
  madeAt: Date;
};

/** What operators do with kept answers. Every method rejects with `StoreUnavailable`. */
export const createAnswerShelf = (db: Database) => ({
  /** Pinned ones first, then by how often they were served. */
  async list(limit: number): Promise<KeptAnswer[]> {
    return reaching(
      db
        .selectFrom('answers')
        .select(['id', 'audience', 'language', 'intent', 'question', 'text', 'sources', 'pinned', 'served'])
        .select(['made_at as madeAt', isStale.as('stale')])
        .orderBy('pinned', 'desc')
        .orderBy('served', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
  },

  /**
   * Vouches for an answer: it is served to everybody who asks that, does not age, and outlives the conversation that it was
   * made in and changes of playbook.yaml. One that was stale is taken to rest on what is left of its passages. `false`: there
   * is no such answer.
   */
  async pin(id: string): Promise<boolean> {
    const { rows } = await reaching(
      sql`update answers set pinned = true, conversation_id = null, passages = (
            select coalesce(array_agg(used), '{}') from unnest(answers.passages) as used
            where exists (select from passages where hash = used))
          where id = ${id}::bigint returning id`.execute(db),
    );
    return rows.length > 0;
  },

  /** Takes a pin back, and the answer with it: nobody vouches for its text any more. `false`: it was not pinned. */
  async unpin(id: string): Promise<boolean> {
    const { numDeletedRows } = await reaching(
      db.deleteFrom('answers').where('id', '=', id).where('pinned', '=', true).executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  },

  /** Forgets all answers, pinned ones only when `pinned` says so; resolves with how many. */
  async clear({ pinned }: { pinned: boolean }): Promise<number> {
    const rows = db.deleteFrom('answers');
    const { numDeletedRows } = await reaching(
      (pinned ? rows : rows.where('pinned', '=', false)).executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  },
});
