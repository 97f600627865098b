import { condition, isCancellation, log, rootCause } from '@temporalio/workflow';
import type { ConversationState } from './conversation-state.ts';
import { company } from './proxies.ts';

/**
 * Leaves what was said in the CRM, where there is a customer to know it of. The system may be away for minutes: whoever writes
 * meanwhile is not kept waiting for it, and the end that comes after that leaves a note of its own. Tickets stay as they are: silence
 * solves nothing.
 */
export const tellCompany = async (state: ConversationState): Promise<void> => {
  const { conversationId, owner } = state.start;
  if (!owner.startsWith('customer:')) return;
  const told = company('the conversation is resolved')
    .writeNote(conversationId, `turn.${state.turns}`)
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      log.error('the CRM was not told of the end', { cause: rootCause(error) });
    });
  await Promise.race([told, condition(() => state.hasWork())]);
};
