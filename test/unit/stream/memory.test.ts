import { createMemoryEventLog } from '../../../stream/memory.ts';
import type { CreateRig } from '../../contracts/event-log/rig.ts';
import { describeEventLog } from '../../contracts/event-log/suite.ts';

const createRig: CreateRig = async ({ maxEvents = 1_000 } = {}) => {
  const log = createMemoryEventLog({ maxEvents });
  return {
    writers: [log, log, log],
    reader: log,
    flush: async () => log.flush(),
    trim: async (conversationId, keep) => log.trim(conversationId, keep),
    async restartEmpty() {
      log.flush();
      log.interrupt();
    },
    close: async () => undefined,
  };
};

describeEventLog('in memory', createRig, { numRuns: 1_000 });
