import { Client, Connection } from '@temporalio/client';
import fp from 'fastify-plugin';
import { createAgentPresence } from '../../store/agent-presence.ts';
import { createAgentSessions } from '../../store/agent-sessions.ts';
import { createAgents } from '../../store/agents.ts';
import { createAudit } from '../../store/audit.ts';
import { createConsoleAccess } from '../../store/console-access.ts';
import { createConsoleLists } from '../../store/console-lists.ts';
import { createConsoleViews } from '../../store/console-views.ts';
import { createDatabase } from '../../store/database.ts';
import { createNotes } from '../../store/notes.ts';
import { createOffers } from '../../store/offers.ts';
import { createOwners } from '../../store/owners.ts';
import { createWaits } from '../../store/waits.ts';
import { createAgentChannel, createConsoleChannels } from '../../stream/agent-channel.ts';
import { connectCommands, connectSubscriber } from '../../stream/connection.ts';
import { createViewers } from '../../stream/viewers.ts';
import { createEventWriter } from '../../stream/writer.ts';
import { CHANNEL } from '../temporal.ts';
import { createCommands } from './commands.ts';
import { createPresence } from './presence.ts';

export type ConsoleBacking = {
  databaseUrl: string;
  redisUrl: string;
  temporal: { address: string; namespace: string };
};

/** Connections to Postgres of a node's consoles: fewer than its customers have, and never theirs. */
const POOL = 6;

/**
 * Decorates `console`, over connections of its own: a supervisor's long list must not keep a customer waiting. All are made
 * when first used.
 */
export default fp<ConsoleBacking>(
  async (app, { databaseUrl, redisUrl, temporal }) => {
    const { log } = app;
    const db = createDatabase(
      databaseUrl,
      (error) => log.warn({ reason: error.message }, 'Postgres connection lost'),
      POOL,
    );
    const onRedisError = (error: Error): void => log.debug({ reason: error.message }, 'Redis connection lost');
    const redis = connectCommands(redisUrl, onRedisError);
    const subscriber = connectSubscriber(redisUrl, onRedisError);
    const connection = Connection.lazy({ address: temporal.address, channelArgs: CHANNEL, interceptors: [] });
    const commands = createCommands(new Client({ connection, namespace: temporal.namespace }));
    const statuses = createAgentPresence(db);
    const presence = createPresence({ statuses, commands, log });
    app.decorate('console', {
      ...{ statuses, commands, presence },
      agents: createAgents(db),
      sessions: createAgentSessions(db),
      access: createConsoleAccess(db),
      lists: createConsoleLists(db),
      views: createConsoleViews(db),
      notes: createNotes(db),
      offers: createOffers(db),
      owners: createOwners(db),
      waits: createWaits(db),
      audit: createAudit(db),
      channels: createConsoleChannels(subscriber),
      viewers: createViewers(redis, subscriber),
      news: createAgentChannel(redis),
      announce: createEventWriter(redis).announce,
    });
    app.addHook('onReady', async () => presence.start());
    app.addHook('onClose', async () => {
      presence.stop();
      redis.disconnect();
      subscriber.disconnect();
      await connection.close();
      await db.destroy();
    });
  },
  { name: 'console-backing' },
);
