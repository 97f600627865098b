import { sql } from 'kysely';
import type { ChosenStatus, Me } from '../contracts/console.ts';
import type { AgentChange } from '../contracts/desk.ts';
import { type Database, reaching } from './database.ts';

/** An agent without an open console for this long is gone, milliseconds. */
export const GONE_MS = 30_000;

/** How many changes are told at once. */
const BATCH = 100;

type Colleague = NonNullable<Me['colleagues']>[number];

/** What the desks have not all heard yet. */
export type Untold = { desks: string[]; change: AgentChange };

/**
 * Who has a console open, and what their desks are to be told. Each change has its number from the same statement that makes
 * it, so of two that race the later one wins at every desk. Every method rejects with `StoreUnavailable`.
 */
export type AgentPresence = ReturnType<typeof createAgentPresence>;

export const createAgentPresence = (db: Database) => ({
  /** These have a console open now. Whoever had none is there again. */
  async seen(agents: readonly string[]): Promise<void> {
    await reaching(
      sql`
        update agents set
          seen_until = now() + ${GONE_MS} * interval '1 millisecond',
          seq = case when present then seq else seq + 1 end,
          present = true
        where id = any(${agents}::text[])`.execute(db),
    );
  },

  /** Those whom nobody has seen for too long are not there any more; each is counted once, whoever asks. */
  async sweep(): Promise<void> {
    await reaching(
      sql`update agents set present = false, seq = seq + 1 where present and seen_until < now()`.execute(db),
    );
  },

  /** What somebody wants to be. `false`: there is nobody of that id. */
  async choose(agent: string, status: ChosenStatus): Promise<boolean> {
    const { rows } = await reaching(
      sql`update agents set status = ${status}, seq = seq + 1 where id = ${agent} and active returning id`.execute(db),
    );
    return rows.length > 0;
  },

  async chosen(agent: string): Promise<ChosenStatus> {
    const row = await reaching(db.selectFrom('agents').select('status').where('id', '=', agent).executeTakeFirst());
    return row?.status ?? 'offline';
  },

  /** Everybody who works here, by name, as they are now; who has no console open is offline. */
  async colleagues(): Promise<Colleague[]> {
    const rows = await reaching(
      db
        .selectFrom('agents')
        .select(['id', 'name', 'desks', 'status', 'present'])
        .where('active', '=', true)
        .orderBy('name')
        .execute(),
    );
    return rows.map(({ present, status, ...person }) => ({ ...person, status: present ? status : 'offline' }));
  },

  /** What desks have to hear, of one agent or of all. */
  async untold(agent?: string): Promise<Untold[]> {
    const rows = await reaching(
      db
        .selectFrom('agents')
        .select(['id', 'name', 'skills', 'languages', 'capacity', 'desks', 'seq', 'status', 'present', 'active'])
        .whereRef('told', '<', 'seq')
        .$if(agent !== undefined, (query) => query.where('id', '=', agent ?? ''))
        .orderBy('id')
        .limit(BATCH)
        .execute(),
    );
    return rows.map(({ desks, seq, status, present, active, ...profile }) => ({
      desks,
      change: { agent: profile, status: present && active ? status : 'offline', seq: Number(seq) },
    }));
  },

  /** All desks have heard of this change. */
  async told(agent: string, seq: number): Promise<void> {
    await reaching(sql`update agents set told = ${seq} where id = ${agent} and told < ${seq}`.execute(db));
  },
});
