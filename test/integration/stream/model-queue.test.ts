import { afterAll, beforeAll } from '@jest/globals';
import type { CreateQueueRig } from '../../contracts/model-queue/rig.ts';
import { describeModelQueue } from '../../contracts/model-queue/suite.ts';
import { startRedis, type TestRedis } from '../../redis.ts';
import { connectQueues } from './model-queues.ts';

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const createRig: CreateQueueRig = async (limits = {}) => {
  const { queues, admin, close } = await connectQueues(server.url, limits);
  await admin.flushall();
  const [one, two, three] = queues;
  if (!one || !two || !three) throw new Error('three queues were made');
  return { queues: [one, two, three], close: async () => close() };
};

describeModelQueue('the queue over Redis', createRig, { numRuns: 150 });
