import { type RawBuilder, sql } from 'kysely';
import type { AgentAccount } from '../contracts/agents.ts';
import { type Database, reaching } from './database.ts';

/** Whom a conversation is looked up for. */
export type Reader = Pick<AgentAccount, 'id' | 'role' | 'desks'>;

/**
 * What somebody may see of the conversations `c`: what is theirs, waits at one of their desks or was handled there; all of
 * it for supervisors. Nobody sees what was closed.
 */
export const visibleTo = ({ id, role, desks }: Reader): RawBuilder<boolean> => {
  if (role !== 'agent') return sql<boolean>`c.status <> 'closed'`;
  return sql<boolean>`c.status <> 'closed' and (c.agent = ${id} or c.desk = any(${desks}::text[])
    or exists (select from handoffs v where v.conversation_id = c.id and v.desk = any(${desks}::text[])))`;
};

/** Whose a conversation is, for somebody who may see it. */
export type Held = {
  term: number;
  heldBy: 'assistant' | 'waiting' | 'agent';
  agent: string | null;
  desk: string | null;
};

/** Every method rejects with `StoreUnavailable`. */
export type ConsoleAccess = ReturnType<typeof createConsoleAccess>;

export const createConsoleAccess = (db: Database) => ({
  /** `null` for what does not exist, is closed, or is none of this person's business: nobody can tell which. */
  async held(reader: Reader, conversationId: string): Promise<Held | null> {
    const { rows } = await reaching(
      sql<Held>`
        select c.term, c.held_by as "heldBy", c.agent, c.desk from conversations c
        where c.id = ${conversationId} and ${visibleTo(reader)}`.execute(db),
    );
    return rows[0] ?? null;
  },
});
