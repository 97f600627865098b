import { defineSignal, setHandler } from '@temporalio/workflow';
import type { ActionId } from '../contracts/actions.ts';
import { effectSettled } from '../contracts/names.ts';
import type { ConversationState } from './conversation-state.ts';

const settled = defineSignal<[ActionId]>(effectSettled);

/** What became of an effect that had been unknown is news for the customer, and a turn of its own. */
export const hearOfSettled = (state: ConversationState): void => setHandler(settled, (id) => state.actions.settled(id));
