import { Redis } from 'ioredis';
import { connectCommands, connectSubscriber, ready } from '../../../stream/connection.ts';
import { createEventReader } from '../../../stream/reader.ts';
import { createEventWriter } from '../../../stream/writer.ts';
import type { CreateRig } from '../../contracts/event-log/rig.ts';
import { describeEventLog } from '../../contracts/event-log/suite.ts';
import { startRedis } from '../../redis.ts';

const createRig: CreateRig = async (settings = {}) => {
  const server = await startRedis();
  const ignore = () => undefined;
  const [one, two, three, commands] = [0, 1, 2, 3].map(() => connectCommands(server.url, ignore));
  if (!one || !two || !three || !commands) throw new Error('four connections were made');
  const subscriber = connectSubscriber(server.url, ignore);
  const connections = [one, two, three, commands, subscriber];
  await Promise.all(connections.map((connection) => ready(connection)));
  const admin = new Redis(server.url);
  return {
    writers: [createEventWriter(one, settings), createEventWriter(two, settings), createEventWriter(three, settings)],
    reader: createEventReader(commands, subscriber),
    async flush() {
      await admin.flushall();
    },
    async trim(conversationId, keep) {
      await admin.xtrim(`{${conversationId}}:events`, 'MAXLEN', '=', keep);
    },
    async restartEmpty() {
      await server.restartEmpty();
      await Promise.all(connections.map((connection) => ready(connection)));
    },
    async close() {
      for (const connection of [...connections, admin]) connection.disconnect();
      await server.stop();
    },
  };
};

describeEventLog('in Redis', createRig, { numRuns: 150 });
