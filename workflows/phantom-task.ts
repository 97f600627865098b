import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

/** What the core calls a query that came alone, not with a workflow task. */
const ALONE = 'legacy_query';

/** Longer than from the begin of a workflow task to its work, unless a worker is overloaded. */
const LATE_MS = 1_000;

/**
 * Ends a run's stay in a worker's memory that has heard what no workflow task has told it.
 *
 * A query that has to be answered from history (the worker that had the conversation in memory is gone, or has forgotten it)
 * comes with all events so far. The core (1.23, 1.24) applies also those that came since the last workflow task, and throws away
 * what the workflow then wants. From there on the run is not what its history says, and at the next worker it is stuck for good
 * (docs/decisions). Such events come at the time of the task before, or of one that it cannot tell from it: long ago. The query fails,
 * whoever asked asks again, and what is in memory is made anew. A task that was only late costs one such failure.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let before: { length: number; at: number } | undefined;
  let isSuspect = false;
  return {
    internals: [
      {
        activate(input, next) {
          const { jobs, historyLength, timestamp, isReplaying } = input.activation;
          const query = jobs?.find((job) => job.queryWorkflow)?.queryWorkflow;
          if (isSuspect && query?.queryId === ALONE) throw new Error('events came while it was asked: ask again');
          if (!query) {
            const length = historyLength ?? 0;
            const at = Number(timestamp?.seconds ?? 0) * 1_000 + Number(timestamp?.nanos ?? 0) / 1_000_000;
            const isNew = before !== undefined && length > before.length;
            const isOld = at <= (before?.at ?? 0) || workflowInfo().unsafe.now() - at > LATE_MS;
            isSuspect ||= !isReplaying && isNew && isOld;
            before = { length, at };
          }
          next(input);
        },
      },
    ],
  };
};
