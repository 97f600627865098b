import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { DeskActivities } from '../activities/index.ts';
import { deskQueue } from '../contracts/names.ts';

// Every time-out, retry and task queue of a desk, on one screen.

/** Part of the workflow task: an offer rings without another. What does not succeed at once is left to `patient`. */
export const quick = proxyLocalActivities<DeskActivities>({
  startToCloseTimeout: '4 seconds',
  retry: { maximumAttempts: 1 },
});

/** Read from the worker's memory. */
export const policyOf = proxyLocalActivities<DeskActivities>({ startToCloseTimeout: '5 seconds' });

/** What must be done however long it takes, beside what the desk goes on with. */
export const patient = (summary: string) =>
  proxyActivities<DeskActivities>({
    taskQueue: deskQueue,
    summary,
    startToCloseTimeout: '15 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 1.5, maximumInterval: '4 seconds' },
  });
