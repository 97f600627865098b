import { createHash, randomBytes } from 'node:crypto';
import type { AgentAccount } from '../contracts/agents.ts';
import { type Database, reaching } from './database.ts';

/** A working day with room to spare; used within it, a session is renewed once half of it is over. */
const SESSION_MS = 12 * 3_600_000;

/** Who is signed in. Every method rejects with `StoreUnavailable`. */
export type AgentSessions = ReturnType<typeof createAgentSessions>;

/** The token has 256 random bits, so a plain hash of it cannot be guessed back. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

export const createAgentSessions = (db: Database, now: () => number = Date.now) => ({
  /** Resolves with the token, which is kept nowhere else. */
  async open(agent: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expires_at = new Date(now() + SESSION_MS);
    await reaching(
      db
        .insertInto('agent_sessions')
        .values({ token: hashOf(token), agent, expires_at })
        .execute(),
    );
    return token;
  },

  /** Whose session it is; `null` where it is over, or its agent is not active any more. */
  async find(token: string): Promise<AgentAccount | null> {
    const row = await reaching(
      db
        .selectFrom('agent_sessions as s')
        .innerJoin('agents as a', 'a.id', 's.agent')
        .select([
          'a.id',
          'a.name',
          'a.role',
          'a.desks',
          'a.skills',
          'a.languages',
          'a.capacity',
          's.expires_at as until',
        ])
        .where('s.token', '=', hashOf(token))
        .where('s.expires_at', '>', new Date(now()))
        .where('a.active', '=', true)
        .executeTakeFirst(),
    );
    if (!row) return null;
    const { until, ...account } = row;
    if (until.getTime() - now() < SESSION_MS / 2) await this.renew(token);
    return account;
  },

  async renew(token: string): Promise<void> {
    await reaching(
      db
        .updateTable('agent_sessions')
        .set({ expires_at: new Date(now() + SESSION_MS) })
        .where('token', '=', hashOf(token))
        .execute(),
    );
  },

  async end(token: string): Promise<void> {
    await reaching(db.deleteFrom('agent_sessions').where('token', '=', hashOf(token)).execute());
  },
});
