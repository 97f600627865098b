import * as names from './names.ts';

/** As conversations are started: a worker that died is replaced within 2.7 s of this. */
const WORKFLOW_TASK_TIMEOUT = '5 seconds';

/** What Temporal's client is given to signal a desk, which is started where there is none yet. */
export const signalToDesk = (desk: string, signal: string, payload: object | string) => ({
  workflowId: names.deskWorkflowId(desk),
  taskQueue: names.deskQueue,
  args: [desk] as [string],
  signal,
  signalArgs: [payload] as [object | string],
  workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  staticSummary: `desk ${desk}`,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
});
