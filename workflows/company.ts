import { condition, isCancellation, log, rootCause } from '@temporalio/workflow';
import type { ConversationState } from './conversation-state.ts';
import { company } from './proxies.ts';

/**
 * Leaves what was said in the CRM, where there is a customer to know it of. An agent who resolves a conversation solves its tickets;
 * silence solves nothing.
 */
export const tellCompany = (state: ConversationState, reason: string): Promise<void> => {
  const { conversationId, owner } = state.start;
  const at = company('the conversation is resolved');
  return inReason(state, 'its end', [
    ...(reason === 'idle' ? [] : [at.setTicketStatus(conversationId, 'solved')]),
    ...(owner.startsWith('customer:') ? [at.writeNote(conversationId, `turn.${state.turns}`)] : []),
  ]);
};

/** Nobody came: people find the conversation in their tickets. `term` tells two waits of one conversation apart. */
export const askTicket = (state: ConversationState, term: number): Promise<void> =>
  inReason(state, 'a ticket', [company('nobody came').openTicket(state.start.conversationId, `waited.${term}`)]);

/**
 * The company's systems may be away for minutes: whoever writes meanwhile is not kept waiting for them, and the end that comes
 * after that leaves a note of its own.
 */
const inReason = async (state: ConversationState, what: string, calls: Promise<unknown>[]): Promise<void> => {
  if (calls.length === 0) return;
  const told = Promise.all(calls).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    log.error("one of the company's systems was not told", { what, cause: rootCause(error) });
  });
  await Promise.race([told, condition(() => state.hasWork())]);
};
