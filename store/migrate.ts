import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

/**
 * Brings the schema up to date, in one transaction. Several processes may start at once: one migrates, the others wait.
 *
 * @returns the names of the migrations that were applied, oldest first
 */
export const migrate = (databaseUrl: string): Promise<string[]> => run(databaseUrl, false);

/** The names of the migrations that `migrate` would apply. Changes nothing. */
export const pendingMigrations = (databaseUrl: string): Promise<string[]> => run(databaseUrl, true);

const run = async (databaseUrl: string, dryRun: boolean): Promise<string[]> => {
  const migrations = await runner({
    dryRun,
    databaseUrl,
    dir: fileURLToPath(new URL('./migrations', import.meta.url)),
    migrationsTable: 'migrations',
    direction: 'up',
    advisoryLockMode: 'wait',
    logger: { debug: ignore, info: ignore, warn: ignore, error: console.error },
  });
  return migrations.map(({ name }) => name);
};

const ignore = () => {};
