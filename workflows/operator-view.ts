import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Owner } from '../contracts/events.ts';
import { searchAttributes } from '../contracts/search-attributes.ts';
import type { SlaStanding } from '../contracts/sla.ts';
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

/** How far `DeskTurns` and `DeskIntent` may be behind while a run goes on; docs/decisions says what one upsert costs. */
const TURNS_STEP = 10;

/**
 * How far the conversation has come and what the customer wants. An upsert is an event and a write to the visibility store, in the
 * workflow task at hand, so not one per turn: the first intent at once, later ones when the turns are counted.
 */
export const showProgress = (state: ConversationState, when: 'turn' | 'run'): void => {
  const isStep = state.turns % TURNS_STEP === 0;
  const counted = isStep === (when === 'turn');
  const intent = counted || when === 'run' || !state.intent.isShown ? state.intent.unseen : undefined;
  const pairs = [
    ...(counted ? [{ key: searchAttributes.turns, value: state.turns }] : []),
    ...(intent === undefined ? [] : [{ key: searchAttributes.intent, value: intent }]),
  ];
  if (pairs.length === 0) return;
  upsertSearchAttributes(pairs);
  if (intent !== undefined) state.intent.shown();
};

/** A conversation that waits for an approval can be found by its status. The result is what is shown now. */
export const showApproval = (state: ConversationState, shown: boolean): boolean => {
  const waits = state.awaitsPeople;
  if (waits !== shown) upsertSearchAttributes([{ key: searchAttributes.status, value: waits ? 'approval' : 'open' }]);
  return waits;
};

/** With each change of owner: rare, and what supervisors list by. */
export const showOwner = (state: ConversationState, owner: Owner, desk: string | undefined): void =>
  upsertSearchAttributes([
    { key: searchAttributes.owner, value: owner },
    ...(desk ? [{ key: searchAttributes.desk, value: desk }] : []),
    { key: searchAttributes.turns, value: state.turns },
  ]);

/** By when people must have answered; nothing while they owe nothing. */
export const showDue = (standing: readonly SlaStanding[]): void => {
  const due = standing.flatMap(({ dueAt }) => dueAt ?? []);
  const value = due.length === 0 ? null : new Date(Math.min(...due));
  upsertSearchAttributes([{ key: searchAttributes.dueAt, value }]);
};

export const showResolved = (state: ConversationState): void => {
  showWait(state, { for: 'nothing' });
  const intent = state.intent.unseen;
  upsertSearchAttributes([
    { key: searchAttributes.status, value: 'resolved' },
    { key: searchAttributes.turns, value: state.turns },
    ...(intent === undefined ? [] : [{ key: searchAttributes.intent, value: intent }]),
  ]);
};
