import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

/**
 * Brings the schema up to date, in one transaction. Several processes may start at once: one migrates, the others wait.
 *
 * @returns the names of the migrations that were applied, oldest first
 */
export const migrate = async (databaseUrl: string): Promise<string[]> => {
  const applied = await runner({
    databaseUrl,
    dir: fileURLToPath(new URL('./migrations', import.meta.url)),
    migrationsTable: 'migrations',
    direction: 'up',
    advisoryLockMode: 'wait',
    logger: { debug: ignore, info: ignore, warn: ignore, error: console.error },
  });
  return applied.map(({ name }) => name);
};

const ignore = () => {};
