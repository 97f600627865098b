import { createMemoryModelQueue } from '../../../stream/memory-model-queue.ts';
import { type CreateQueueRig, PLENTY } from '../../contracts/model-queue/rig.ts';
import { describeModelQueue } from '../../contracts/model-queue/suite.ts';

const createRig: CreateQueueRig = async (limits = {}) => {
  const queue = createMemoryModelQueue(() => ({ ...PLENTY, ...limits }));
  return { queues: [queue, queue, queue], close: async () => queue.close() };
};

describeModelQueue('the queue in memory', createRig, { numRuns: 150 });
