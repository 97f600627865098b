import { sleep } from '@temporalio/workflow';
import type { ConversationState } from './conversation-state.ts';

/**
 * Watches for a customer who says nothing. One timer at a time, armed again only when it fires: to re-arm it with every turn
 * would cost two events and a task. So a warning may come late, by what lies between warning and end, and never early.
 */
export const watchSilence = (state: ConversationState) => {
  let watching = false;
  const arm = async () => {
    watching = true;
    for (let left = state.silenceEndsAt - Date.now(); left > 0; left = state.silenceEndsAt - Date.now())
      await sleep(left);
    watching = false;
  };
  return {
    /** Starts the timer unless it runs. */
    watch: (): void => {
      if (!watching) void arm();
    },
    /** Nothing was said until `silenceEndsAt`. */
    over: (): boolean => !watching,
  };
};
