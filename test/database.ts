import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';

/** A migrated database of its own on the test Postgres or on `server`, dropped again by `close`. */
export const freshDatabase = async (server = process.env.TEST_DATABASE_URL) => {
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run through npm test, which provisions Postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  await migrate(url.href);
  const db = createDatabase(url.href, () => {}, 4);
  return {
    url: url.href,
    db,
    /** What a fail-over to a standby looks like: every connection broken, and the new ones refuse to write. */
    readOnly: async (on: boolean) => {
      await onServer(server, `alter database ${name} set default_transaction_read_only = ${on}`);
      await onServer(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    },
    close: async () => {
      await db.destroy();
      await onServer(server, `drop database ${name} with (force)`);
    },
  };
};

const onServer = async (url: string, statement: string) => {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(statement);
  await client.end();
};
