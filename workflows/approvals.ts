import { sleep } from '@temporalio/workflow';
import type { ConversationState } from './conversation-state.ts';

/** Watches for people who decide nothing: one timer for each action that waits for them, and none where none does. */
export const watchApprovals = (state: ConversationState) => {
  const watched = new Set<string>();
  const watch = async (id: string, until: number): Promise<void> => {
    watched.add(id);
    for (let left = until - Date.now(); left > 0; left = until - Date.now()) await sleep(left);
    state.actions.expire(Date.now());
  };
  return {
    /** Starts the timers that do not run yet. */
    watch: (): void => {
      for (const [id, until] of state.actions.awaitingPeople) if (!watched.has(id)) void watch(id, until);
    },
  };
};
