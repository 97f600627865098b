import { connectCommands, connectSubscriber, ready, type StreamUnavailable } from '../../../stream/connection.ts';
import { createEventReader } from '../../../stream/reader.ts';
import { createEventWriter, type EventWriterOptions } from '../../../stream/writer.ts';

/** Both ends of the event log as one process has them. */
export const connectEnds = async (url: string, options: EventWriterOptions = {}) => {
  const errors: StreamUnavailable[] = [];
  const commands = connectCommands(url, (error) => errors.push(error));
  const subscriber = connectSubscriber(url, (error) => errors.push(error));
  await Promise.all([ready(commands), ready(subscriber)]);
  return {
    commands,
    subscriber,
    writer: createEventWriter(commands, options),
    reader: createEventReader(commands, subscriber, options),
    errors,
    async reconnected() {
      await Promise.all([ready(commands), ready(subscriber)]);
    },
    close() {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
};
