import { log, rootCause } from '@temporalio/workflow';
import type { ConversationState } from './conversation-state.ts';
import { background } from './proxies.ts';

/**
 * A prompt holds the last 40 messages, which is 20 turns: shorter conversations need no summary. Then one is due every eighth
 * turn, in time before what it holds is left out.
 */
const FROM_TURN = 16;
const EVERY = 8;

/** Has the summary of a long conversation made, and waits for nothing. */
export const summariseLong = ({ turns, start: { conversationId } }: ConversationState): void => {
  if (turns < FROM_TURN || turns % EVERY !== 0) return;
  background(`summary up to turn ${turns}`)
    .summarise(conversationId, turns)
    .catch((error: unknown) => log.warn('a summary could not be made', { turn: turns, cause: rootCause(error) }));
};
