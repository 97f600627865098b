import { createDatabase } from '../../store/database.ts';
import { createSeenDeliveries } from '../../store/seen-deliveries.ts';
import { createTicketChanges } from '../../store/ticket-changes.ts';
import { connectCommands } from '../../stream/connection.ts';
import { createHotProfiles } from '../../stream/hot-profiles.ts';
import type { ChangeKeeper } from './route.ts';

/** Webhooks come a few at a time. */
const CONNECTIONS = 2;

type Addresses = { databaseUrl: string; redisUrl: string; onTrouble: (error: Error) => void };

/** Over connections of its own. A changed ticket is kept in Postgres for a worker; a changed customer is no longer hot. */
export const createChangeKeeper = ({ databaseUrl, redisUrl, onTrouble }: Addresses) => {
  const database = createDatabase(databaseUrl, onTrouble, CONNECTIONS);
  const redis = connectCommands(redisUrl, onTrouble);
  const profiles = createHotProfiles(redis);
  const tickets = createTicketChanges(database);
  const keeper: ChangeKeeper = {
    ...createSeenDeliveries(database),
    keep(change) {
      switch (change.kind) {
        case 'customer':
          return profiles.changed(change.customerId);
        case 'record':
          return profiles.recordChanged(change.recordId);
        case 'ticket':
          return tickets.note(change);
      }
    },
  };
  return {
    keeper,
    async close(): Promise<void> {
      redis.disconnect();
      await database.destroy();
    },
  };
};
