import type { Message } from '../contracts/events.ts';
import { type Database, reaching } from './database.ts';

/** The record of what was said, as customers and agents read it. Every method rejects with `StoreUnavailable`. */
export type Transcripts = ReturnType<typeof createTranscripts>;

export const createTranscripts = (db: Database) => ({
  /** Every message of a conversation in the order it was said; empty for a conversation that does not exist. */
  async messages(conversationId: string): Promise<Message[]> {
    const rows = await reaching(
      db
        .selectFrom('messages')
        .select(['id', 'author', 'by', 'turn', 'text', 'at', 'ended', 'sources'])
        .where('conversation_id', '=', conversationId)
        .orderBy('turn')
        .orderBy('ordinal')
        .execute(),
    );
    return rows.map(toMessage);
  },

  /** Closed for good: nothing may be read or sent any more. A conversation that does not exist is not closed. */
  async isClosed(conversationId: string): Promise<boolean> {
    const row = await reaching(
      db.selectFrom('conversations').select('status').where('id', '=', conversationId).executeTakeFirst(),
    );
    return row?.status === 'closed';
  },
});

/** A row of `messages`; `at` is a string where the row came through JSON. */
export type MessageRow = Omit<Message, 'at' | 'end' | 'sources' | 'by'> & {
  at: Date | string;
  by?: string | null;
  ended: Message['end'] | null;
  sources: Message['sources'] | null;
};

export const toMessage = ({ at, by, ended, sources, ...message }: MessageRow): Message => ({
  ...message,
  at: new Date(at).toISOString(),
  ...(by ? { by } : {}),
  ...(ended ? { end: ended } : {}),
  ...(sources?.length ? { sources } : {}),
});
