import { log, rootCause } from '@temporalio/workflow';
import type { SuggestionWanted } from '../contracts/conversation.ts';
import type { ConversationState } from './conversation-state.ts';
import { suggestion } from './proxies.ts';

/** Has a draft written for an agent, beside everything else: nothing of the conversation waits for it, and nothing is said by it. */
export const suggest = (state: ConversationState, { commandId, agent }: SuggestionWanted): void => {
  const { conversationId, owner, language } = state.start;
  suggestion(owner)
    .suggest({ conversationId, owner, commandId, agent, ...(language ? { language } : {}) })
    .catch((error: unknown) => log.warn('a reply could not be suggested', { cause: rootCause(error) }));
};
