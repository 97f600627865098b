import type { Client } from '@temporalio/client';

/** Tasks that Temporal handed out, per turn. A local activity is none: it is part of its workflow task. */
export type Tasks = { workflowTasksPerTurn: number; activityTasksPerTurn: number };

/** Counts in the histories of conversations that have taken `turns` turns together. */
export const countTasks = async (client: Client, ids: readonly string[], turns: number): Promise<Tasks> => {
  let workflow = 0;
  let activity = 0;
  for (const id of ids) {
    const { events } = await client.workflow.getHandle(id).fetchHistory();
    for (const event of events ?? []) {
      if (event.workflowTaskStartedEventAttributes) workflow += 1;
      if (event.activityTaskStartedEventAttributes) activity += 1;
    }
  }
  return { workflowTasksPerTurn: workflow / turns, activityTasksPerTurn: activity / turns };
};
