import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Activities, DeskActivities } from '../activities/index.ts';
import { assistantQueue, conversationQueue, deskQueue } from '../contracts/names.ts';
import { createAdmission, watchLag } from './admission.ts';
import { buildIdOf } from './bundle.ts';

type WorkerParts = {
  connection: NativeConnection;
  namespace: string;
  identity: string;
  bundle: string;
  activities: Activities;
  deskActivities: DeskActivities;
  /** `versioned`: the server gives work only to the current version of the deployment, see `duradesk deploy promote`. */
  deployment: { name: string; versioned: boolean };
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

/** More than a company has desks: none is ever evicted. */
const DESKS_CACHED = 100;

/** How long a worker may take to finish what it streams after SIGTERM, before the other workers start it again. */
const DRAIN = '30 seconds';

/** The workers of a process: conversations with their local activities, the assistant's slow path, and the desks. */
export const createWorkers = async ({
  connection,
  namespace,
  identity,
  bundle,
  activities,
  deskActivities,
  deployment,
}: WorkerParts) => {
  const { lagMs } = watchLag();
  const common = {
    connection,
    namespace,
    identity,
    activities,
    shutdownGraceTime: DRAIN,
    workerDeploymentOptions: deploymentOptions(deployment, bundle),
  };
  return Promise.all([
    Worker.create({
      ...common,
      taskQueue: conversationQueue,
      workflowBundle: { code: bundle },
      tuner: {
        workflowTaskSlotSupplier: createAdmission(CONVERSATIONS_TALKING, lagMs),
        localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: CONVERSATIONS_TALKING },
        activityTaskSlotSupplier: { type: 'fixed-size', numSlots: 100 },
        nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
      },
      maxCachedWorkflows: CONVERSATIONS_CACHED,
      // A signal to a workflow that a dead worker holds waits this long before another worker gets it.
      stickyQueueScheduleToStartTimeout: '1 second',
      // One poll of ten, not the usual two, on the queue that all workers share: each that a frozen worker holds open is given
      // a task, which then waits for its time-out once more (docs/decisions).
      nonStickyToStickyPollRatio: 0.1,
    }),
    Worker.create({ ...common, taskQueue: assistantQueue, maxConcurrentActivityTaskExecutions: 200 }),
    Worker.create({
      ...common,
      activities: deskActivities,
      taskQueue: deskQueue,
      workflowBundle: { code: bundle },
      maxCachedWorkflows: DESKS_CACHED,
      stickyQueueScheduleToStartTimeout: '1 second',
    }),
  ]);
};

/**
 * Where workers are versioned, a conversation goes on with the current version at its next turn, so that an old worker may
 * leave as soon as it has drained. It is said here and not by the workflow: a server refuses the task of an unversioned worker
 * whose workflow names a behaviour. Without versioning the build id is still in every history, beside each task.
 */
const deploymentOptions = (
  { name, versioned }: WorkerParts['deployment'],
  bundle: string,
): NonNullable<WorkerOptions['workerDeploymentOptions']> => {
  const version = { deploymentName: name, buildId: buildIdOf(bundle) };
  return versioned
    ? { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' }
    : { version, useWorkerVersioning: false };
};
