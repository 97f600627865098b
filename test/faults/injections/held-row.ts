import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** A statement of the desk waits for 5 s at most (store/database.ts). */
const COMES_WITHIN_MS = 4_000;

/**
 * Locks a conversation's rows of a table, so that whoever changes them waits: a worker can be struck exactly there. What waits
 * when the lock is released goes on, or is undone where its connection is gone by then.
 */
export const holdRow = async (db: pg.Pool, table: 'effects' | 'steps', conversation: string) => {
  const holder = await db.connect();
  await holder.query('begin');
  await holder.query(`select from ${table} where conversation_id = $1 for update`, [conversation]);
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  return {
    /** `false`: nobody came. */
    async waitedFor(): Promise<boolean> {
      for (const until = Date.now() + COMES_WITHIN_MS; Date.now() < until; await pause(10)) {
        const waiting = await db.query(
          `select from pg_stat_activity where datname = current_database() and $1 = any(pg_blocking_pids(pid))`,
          [rows[0]?.pid],
        );
        if (waiting.rowCount) return true;
      }
      return false;
    },
    async release(): Promise<void> {
      await holder.query('rollback');
      holder.release();
    },
  };
};
