import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from '../contracts/search-attributes.ts';
import type { ConversationState } from './conversation-state.ts';
import { details, type Wait } from './details.ts';

// What operators see of a conversation in Temporal's UI.

/** Details are kept in the workflow and read by a query: to set them costs no event. */
export const showWait = (state: ConversationState, wait: Wait): void =>
  setCurrentDetails(
    details(wait, {
      turns: state.turns,
      waiting: state.waiting.length,
      unrecorded: state.unrecorded.length,
      actions: state.actions.waiting(Date.now()),
    }),
  );

/** The longest wait of all: for the customer, as long as the playbook is patient. */
export const showSilence = (state: ConversationState): void =>
  showWait(state, { for: 'customer', since: state.activeAt, until: state.silenceEndsAt, warned: state.warned });

/** Once for a conversation that starts or is opened again; a run that goes on keeps its attributes. */
export const showPlaybook = (version: string): void =>
  upsertSearchAttributes([{ key: searchAttributes.playbook, value: version }]);

/** How far `DeskTurns` may be behind while a run goes on; docs/decisions says what one upsert costs. */
const TURNS_STEP = 10;

/** An upsert is an event and a write to the visibility store, in the workflow task at hand: not one per turn. */
export const showTurns = (turns: number, when: 'turn' | 'run'): void => {
  const isStep = turns % TURNS_STEP === 0;
  if (isStep === (when === 'turn')) upsertSearchAttributes([{ key: searchAttributes.turns, value: turns }]);
};

/** A conversation that waits for an approval can be found by its status. The result is what is shown now. */
export const showApproval = (state: ConversationState, shown: boolean): boolean => {
  const waits = state.awaitsPeople;
  if (waits !== shown) upsertSearchAttributes([{ key: searchAttributes.status, value: waits ? 'approval' : 'open' }]);
  return waits;
};

export const showResolved = (state: ConversationState): void => {
  showWait(state, { for: 'nothing' });
  upsertSearchAttributes([
    { key: searchAttributes.status, value: 'resolved' },
    { key: searchAttributes.turns, value: state.turns },
  ]);
};
