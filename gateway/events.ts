import fp from 'fastify-plugin';
import { connectCommands, connectSubscriber, type OnConnectionError } from '../stream/connection.ts';
import { createEventReader } from '../stream/reader.ts';
import { createEventWriter } from '../stream/writer.ts';

/** Every attempt to reconnect fails aloud, four a second; a line is enough for this long. Milliseconds. */
const QUIET_MS = 10_000;

/** Decorates `events`, over two connections that live as long as the gateway. */
export default fp<{ url: string }>(
  async (app, { url }) => {
    let saidAt = Number.NEGATIVE_INFINITY;
    const onError: OnConnectionError = (error) => {
      if (performance.now() - saidAt < QUIET_MS) return;
      saidAt = performance.now();
      app.log.warn({ reason: error.message }, 'Redis connection lost');
    };
    const commands = connectCommands(url, onError);
    const subscriber = connectSubscriber(url, onError);
    const { halt } = createEventWriter(commands);
    app.decorate('events', { ...createEventReader(commands, subscriber), halt });
    app.addHook('onClose', async () => {
      commands.disconnect();
      subscriber.disconnect();
    });
  },
  { name: 'events' },
);
