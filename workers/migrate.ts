import { ConfigError, readConfig, workerConfig } from '../config.ts';
import { migrate } from '../store/migrate.ts';

/** Brings `DATABASE_URL` up to date and leaves: run before the gateways and workers of a new version start. */
const run = async (): Promise<void> => {
  const { DATABASE_URL } = readConfig(workerConfig.pick({ DATABASE_URL: true }));
  const applied = await migrate(DATABASE_URL);
  console.log(applied.length === 0 ? 'the schema is up to date' : `applied ${applied.join(', ')}`);
};

try {
  await run();
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
