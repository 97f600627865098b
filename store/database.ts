import { Kysely, PostgresDialect, type Transaction as Transacted } from 'kysely';
import pg from 'pg';
import { preparing } from './prepared.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;
export type Transaction = Transacted<Schema>;

/** Postgres cannot be reached, is read-only or has no connection left. Nothing is known to be written. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/**
 * Opens a pool on `url`. Time-outs are what keeps a turn from hanging on a half-open link: 2 s to get a connection, 5 s
 * for a statement.
 *
 * @param onIdleError called with errors of idle connections, which would otherwise end the process (pg's documentation).
 */
export const createDatabase = (url: string, onIdleError: (error: Error) => void, size = 10): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
  });
  pool.on('error', onIdleError);
  // One that is in use but between two statements has nobody to tell, and would end the process too; its next statement fails.
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
};

/**
 * Runs `query` and turns every way in which Postgres can be absent into `StoreUnavailable`; a defect of ours (a syntax or
 * constraint error) stays what it is.
 */
export const reaching = async <T>(query: Promise<T>): Promise<T> => {
  try {
    return await query;
  } catch (error) {
    throw error instanceof Error && isAbsence(error) ? new StoreUnavailable(error.message, { cause: error }) : error;
  }
};

/**
 * SQLSTATE classes (PostgreSQL manual, appendix A): 08 connection, 53 out of resources, 57 operator intervention, 58
 * system error, 25006 read-only; without one it is the driver's or the socket's own error.
 */
const isAbsence = (error: Error): boolean => {
  const code = 'code' in error ? String(error.code) : '';
  return /^(08|53|57|58)\w{3}$|^25006$/.test(code) || !/^\w{5}$/.test(code) || /^E[A-Z]{4}$/.test(code);
};
