import { condition, isCancellation, log, rootCause } from '@temporalio/workflow';
import type { Ending } from '../contracts/conversation.ts';
import type { ConversationState } from './conversation-state.ts';
import { company } from './proxies.ts';

/**
 * Leaves what was said in the CRM, where there is a customer to know it of. An agent who has solved it has solved its tickets too;
 * silence solves nothing, and where it is the end of something unsolved the playbook may want a ticket. The company's systems may
 * be away for minutes: whoever writes meanwhile is not kept waiting for them, and the end that comes after that leaves a note of
 * its own.
 */
export const tellCompany = async (state: ConversationState, { outcome }: Ending): Promise<void> => {
  const { conversationId, owner } = state.start;
  const at = company('the conversation is resolved');
  const wantsTicket = outcome === 'ticketed' || (outcome === 'abandoned' && state.opensTicketOn('unresolved'));
  if (wantsTicket && !state.tickets.any) askTicket(state, `unresolved.${state.turns}`);
  const calls = [
    ...(outcome === 'agent' ? [at.setTicketStatus(conversationId, 'solved')] : []),
    ...(owner.startsWith('customer:') ? [at.writeNote(conversationId, `turn.${state.turns}`)] : []),
  ];
  const told = Promise.all(calls).catch((error: unknown) => notTold(error, 'the end'));
  const done = Promise.all([told, condition(() => state.tickets.opening.length === 0)]);
  await Promise.race([done, condition(() => state.hasWork())]);
};

/**
 * Has a ticket opened beside everything else, once for each `reason` of a conversation. What is not open when the run ends is asked
 * for again by the next one.
 */
export const askTicket = (state: ConversationState, reason: string): void => {
  state.tickets.ask(reason);
  company(`ticket: ${reason}`)
    .openTicket(state.start.conversationId, reason)
    .then(
      () => state.tickets.settled(reason),
      (error: unknown) => {
        notTold(error, reason);
        state.tickets.settled(reason);
      },
    );
};

const notTold = (error: unknown, what: string): void => {
  if (isCancellation(error)) throw error;
  log.error("one of the company's systems was not told", { what, cause: rootCause(error) });
};
