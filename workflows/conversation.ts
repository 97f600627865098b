import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Opening } from '../activities/opening.ts';
import type { ConversationStart, CustomerMessage } from '../contracts/conversation.ts';
import * as names from '../contracts/names.ts';
import { type Carried, ConversationState } from './conversation-state.ts';
import { showPlaybook, showResolved, showSilence, showTurns, showWait } from './operator-view.ts';
import { bookkeeping, persistent } from './proxies.ts';
import { watchSilence } from './silence.ts';
import { record, takeTurn, tell } from './turn.ts';

const customerMessage = defineSignal<[CustomerMessage]>(names.customerMessage);

/**
 * One customer conversation. Handlers only enqueue; this loop alone works, one turn at a time. A run ends when its
 * history grows long (continued as new, everything carried) or when nobody has said anything for long enough, warned
 * before; the next message then starts another run of the same id.
 */
export async function conversation(start: ConversationStart, carried?: Carried): Promise<void> {
  const state = new ConversationState(start, carried);
  setHandler(customerMessage, (message) => {
    if (state.receive(message) === 'conflict') log.warn('a message id came again with another text: the first counts');
  });

  if (carried) for (const { turn, sentence } of carried.unrecorded) record(state, turn, sentence);
  else {
    const opening = await opened(state);
    state.adopt(opening, Date.now());
    showPlaybook(opening.playbook);
  }

  const silence = watchSilence(state);
  for (;;) {
    silence.watch();
    showSilence(state);
    if (!state.hasWork()) await condition(() => state.hasWork() || silence.over());
    if (state.hasWork()) await takeTurn(state, state.beginTurn(Date.now()));
    else if (!state.warned) await tell(state, state.beginWarning(), 'idleWarning');
    else if (await resolved(state)) return;
    showTurns(state.turns, 'turn');
    if (workflowInfo().continueAsNewSuggested) break;
  }
  await condition(allHandlersFinished);
  showTurns(state.turns, 'run');
  await continueAsNew<typeof conversation>(start, state.carry());
}

/** While Postgres is away the customer is told so, and what was said waits: nothing can be answered without a record. */
const opened = async (state: ConversationState): Promise<Opening> => {
  try {
    return await bookkeeping.openConversation(state.start);
  } catch (error) {
    if (isCancellation(error)) throw error;
    showWait(state, { for: 'record' });
    await bookkeeping.sayUnavailable(state.start, state.waiting);
    return persistent('open the record').openConversation(state.start);
  }
};

/** `false`: a message came while the end was written down, so the conversation goes on. */
const resolved = async (state: ConversationState): Promise<boolean> => {
  await tell(state, state.beginWarning(), 'idleClosed');
  showWait(state, { for: 'record' });
  await condition(() => state.unrecorded.length === 0 || state.hasWork());
  if (state.hasWork()) return false;
  await persistent('close the record').resolveConversation(state.start.conversationId, 'idle');
  if (!state.hasWork()) {
    showResolved(state);
    return true;
  }
  await persistent('open the record again').openConversation(state.start);
  return false;
};
