import { Redis } from 'ioredis';
import { connectCommands, connectSubscriber, ready } from '../../../stream/connection.ts';
import type { ModelLimits } from '../../../stream/model-queue.ts';
import { createModelQueue } from '../../../stream/redis-model-queue.ts';
import { PLENTY } from '../../contracts/model-queue/rig.ts';

/** The queue of one model as `count` processes have it, each with its own connections. */
export const connectQueues = async (url: string, limits: Partial<ModelLimits>, count = 3) => {
  const away: string[] = [];
  const processes = Array.from({ length: count }, () => {
    const commands = connectCommands(url, () => undefined);
    const subscriber = connectSubscriber(url, () => undefined);
    const onAway = ({ message }: Error) => away.push(message);
    const queue = createModelQueue(commands, subscriber, { model: 'test', limits: { ...PLENTY, ...limits }, onAway });
    return { commands, subscriber, queue };
  });
  await Promise.all(processes.flatMap(({ commands, subscriber }) => [ready(commands), ready(subscriber)]));
  const admin = new Redis(url);
  return {
    away,
    admin,
    processes,
    queues: processes.map(({ queue }) => queue),
    reconnected: () =>
      Promise.all(
        processes.flatMap(({ commands, subscriber }) => [ready(commands, 10_000), ready(subscriber, 10_000)]),
      ),
    close() {
      for (const { commands, subscriber, queue } of processes) {
        queue.close();
        commands.disconnect();
        subscriber.disconnect();
      }
      admin.disconnect();
    },
  };
};
