import argon2 from 'argon2';
import type { AgentAccount } from '../contracts/agents.ts';
import { type Database, reaching } from './database.ts';

/** The company's people and their passwords. Every method rejects with `StoreUnavailable`. */
export type Agents = ReturnType<typeof createAgents>;

const COLUMNS = ['id', 'name', 'role', 'desks', 'skills', 'languages', 'capacity'] as const;

/** Verified against where there is nobody of that name, so that the answer takes as long. */
const nobody = argon2.hash('nobody has this password');

export const createAgents = (db: Database) => ({
  /** `false`: there is somebody of that id, and nothing was written. */
  async add(account: AgentAccount, password: string | null): Promise<boolean> {
    const hash = password === null ? null : await argon2.hash(password);
    const added = await reaching(
      db
        .insertInto('agents')
        .values({ ...account, password: hash })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning('id')
        .executeTakeFirst(),
    );
    return added !== undefined;
  },

  /** Who signs in with this id and password; `null` for everybody else, in the same time. */
  async verify(id: string, password: string): Promise<AgentAccount | null> {
    const row = await reaching(
      db
        .selectFrom('agents')
        .select([...COLUMNS, 'password'])
        .where('id', '=', id)
        .where('active', '=', true)
        .executeTakeFirst(),
    );
    const isRight = await argon2.verify(row?.password ?? (await nobody), password);
    if (!row?.password || !isRight) return null;
    const { password: _, ...account } = row;
    return account;
  },

  /** Who signs in elsewhere, so without a password here; `null` for everybody else. */
  async signedInElsewhere(id: string): Promise<AgentAccount | null> {
    const row = await reaching(
      db
        .selectFrom('agents')
        .select(COLUMNS)
        .where('id', '=', id)
        .where('active', '=', true)
        .where('password', 'is', null)
        .executeTakeFirst(),
    );
    return row ?? null;
  },

  /** Somebody who works here; `null` for everybody else. */
  async get(id: string): Promise<AgentAccount | null> {
    const row = await reaching(
      db.selectFrom('agents').select(COLUMNS).where('id', '=', id).where('active', '=', true).executeTakeFirst(),
    );
    return row ?? null;
  },

  /** Sets a password and ends every session of before. `false`: there is nobody of that id. */
  async setPassword(id: string, password: string): Promise<boolean> {
    const hash = await argon2.hash(password);
    return reaching(
      db.transaction().execute(async (tx) => {
        const changed = await tx
          .updateTable('agents')
          .set({ password: hash, updated_at: new Date() })
          .where('id', '=', id)
          .returning('id')
          .executeTakeFirst();
        await tx.deleteFrom('agent_sessions').where('agent', '=', id).execute();
        return changed !== undefined;
      }),
    );
  },

  /** Somebody who left can neither sign in nor go on with a session. `false`: there is nobody of that id. */
  async setActive(id: string, active: boolean): Promise<boolean> {
    const changed = await reaching(
      db
        .updateTable('agents')
        .set({ active, updated_at: new Date() })
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst(),
    );
    return changed !== undefined;
  },

  async list(): Promise<(AgentAccount & { active: boolean })[]> {
    return reaching(
      db
        .selectFrom('agents')
        .select([...COLUMNS, 'active'])
        .orderBy('id')
        .execute(),
    );
  },
});
