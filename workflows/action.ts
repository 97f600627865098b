import { isCancellation, log, rootCause } from '@temporalio/workflow';
import type { EffectEnd } from '../activities/effects.ts';
import type { Sentence } from '../activities/telling.ts';
import type { Turn } from '../activities/turn.ts';
import { callOf } from '../contracts/action-ids.ts';
import type { ConversationState } from './conversation-state.ts';
import { runEffect, SENTENCE_OF, surely } from './effect.ts';
import { passOn } from './handover.ts';
import type { ActionWork } from './open-actions.ts';
import { takeTurn } from './turn.ts';

/** Carries out one decision on an action. Whatever an activity failed with must not fail the conversation with it. */
export const takeAction = async (state: ConversationState, work: ActionWork): Promise<void> => {
  try {
    await carriedOut(state, work);
  } catch (error) {
    if (isCancellation(error)) throw error;
    state.actions.drop(work.id);
    log.error('a decision could not be carried out', { action: work.id, do: work.do, cause: rootCause(error) });
  }
};

/** What the customer is to hear of is a turn of its own. */
const carriedOut = async (state: ConversationState, work: ActionWork): Promise<void> => {
  const { conversationId } = state.start;
  switch (work.do) {
    case 'endorse':
      await surely(`approval of ${work.id}`, (at) =>
        at.approveAction(conversationId, work.id, work.argumentsHash, work.approvedBy),
      );
      return;
    case 'revise': {
      const caller = state.caller();
      const revised = await surely(`edit of ${work.id}`, (at) =>
        at.reviseAction(caller, work.id, work.arguments, work.approvedBy),
      );
      state.actions.revised(work.id, revised.ok ? revised.argumentsHash : null, work.approvedBy);
      return;
    }
    case 'confirm': {
      const turn = state.beginAction(Date.now(), work.id);
      if (work.approvers === 0) return tellOf(state, turn, await runEffect(turn, callOf(work.id)));
      const until = await surely(`approval of ${work.id} asked for`, (at) => at.requestApproval(turn, work.id));
      state.actions.awaitPeople(work.id, until);
      return say(state, turn, 'actionWaits');
    }
    case 'run': {
      await surely(`approval of ${work.id}`, (at) =>
        at.approveAction(conversationId, work.id, work.argumentsHash, work.approvedBy),
      );
      const turn = state.beginAction(Date.now(), work.id);
      return tellOf(state, turn, await runEffect(turn, callOf(work.id)));
    }
    case 'tell': {
      const turn = state.beginAction(Date.now(), work.id);
      const end = await surely(`what became of ${work.id}`, (at) => at.tellSettled(turn, work.id));
      return end ? tellOf(state, turn, end) : undefined;
    }
    case 'close': {
      const turn = state.beginAction(Date.now(), work.id);
      await surely(`end of ${work.id}`, (at) => at.closeAction(turn, work.id, work));
      return say(state, turn, 'actionFailed');
    }
  }
};

const tellOf = (state: ConversationState, turn: Turn, end: EffectEnd): Promise<void> => {
  state.actions.ended(end);
  const changed = end.undid === undefined ? turn.changed : [...turn.changed, end.undid];
  return say(state, { ...turn, changed }, SENTENCE_OF[end.state] ?? 'actionFailed');
};

/** Where a person speaks with the customer the assistant says nothing: the card changes, and that is all. */
const say = (state: ConversationState, turn: Turn, sentence: Sentence): Promise<void> =>
  state.assistantAnswers ? takeTurn(state, turn, sentence) : passOn(state, turn, []);
