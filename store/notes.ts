import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

export type NewNote = { conversationId: string; id: string; agent: string; text: string };

/** Words among agents; the view of a conversation reads them. Every method rejects with `StoreUnavailable`. */
export type Notes = ReturnType<typeof createNotes>;

export const createNotes = (db: Database) => ({
  /** Safe to run again: the first of an id counts. */
  async add({ conversationId, id, agent, text }: NewNote): Promise<void> {
    await reaching(
      sql`
        insert into notes (conversation_id, id, agent, text) values (${conversationId}, ${id}, ${agent}, ${text})
        on conflict do nothing`.execute(db),
    );
  },
});
