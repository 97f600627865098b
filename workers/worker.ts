import { type NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import { assistantQueue, conversationQueue } from '../contracts/names.ts';

type WorkerParts = {
  connection: NativeConnection;
  namespace: string;
  identity: string;
  bundle: string;
  activities: Activities;
};

/**
 * Workflow tasks that may be in work at once. A task is held for as long as its reply streams, so this is the number of
 * customers that one process talks to at the same moment; what each needs is a few kilobytes and a socket to the model.
 */
const CONVERSATIONS_TALKING = 1_000;

/**
 * Workflows kept in memory between turns. One takes 184 KB (measured), so these are 370 MB; a workflow that was evicted
 * costs a replay at its next turn.
 */
const CONVERSATIONS_CACHED = 2_000;

/** How long a worker may take to finish what it streams after SIGTERM, before the other workers start it again. */
const DRAIN = '30 seconds';

/** The two workers of a process: conversations with their local activities, and the assistant's slow path. */
export const createWorkers = async ({ connection, namespace, identity, bundle, activities }: WorkerParts) => {
  const common = { connection, namespace, identity, activities, shutdownGraceTime: DRAIN };
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: conversationQueue,
      workflowBundle: { code: bundle },
      maxConcurrentWorkflowTaskExecutions: CONVERSATIONS_TALKING,
      maxConcurrentLocalActivityExecutions: CONVERSATIONS_TALKING,
      maxCachedWorkflows: CONVERSATIONS_CACHED,
      // A signal to a workflow that a dead worker holds waits this long before another worker gets it.
      stickyQueueScheduleToStartTimeout: '1 second',
    }),
    Worker.create({ ...common, taskQueue: assistantQueue, maxConcurrentActivityTaskExecutions: 200 }),
  ]);
};
