import type { Command } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { migrate } from '../store/migrate.ts';
import { command } from './output.ts';
import { addSearchAttributes } from './search-attributes.ts';
import { withTemporal } from './temporal.ts';

/** Run before the gateways and workers of a new version start. Safe to run again, also by several at once. */
export const migrateCommand = (): Command =>
  command(
    'migrate',
    'bring the Postgres schema and the Temporal search attributes up to date',
    async (_options, say) => {
      const { DATABASE_URL, ...temporal } = readConfig(
        workerConfig.pick({ DATABASE_URL: true, TEMPORAL_ADDRESS: true, TEMPORAL_NAMESPACE: true }),
      );
      say('Postgres …');
      const schema = await migrate(DATABASE_URL);
      say('Temporal …');
      const searchAttributes = await withTemporal(temporal, (_client, connection) =>
        addSearchAttributes(connection, temporal.TEMPORAL_NAMESPACE),
      );
      return {
        ok: true,
        data: { schema, searchAttributes },
        lines: [
          schema.length === 0 ? 'schema: up to date' : `schema: applied ${schema.join(', ')}`,
          searchAttributes.length === 0
            ? 'search attributes: up to date'
            : `search attributes: added ${searchAttributes.join(', ')}`,
        ],
      };
    },
  );
