import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  isCancellation,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Opening } from '../activities/opening.ts';
import type { ActionDecision, ApprovalDecision, ApprovalTaken, Decided } from '../contracts/actions.ts';
import type { ConversationStart, CustomerMessage, Ending } from '../contracts/conversation.ts';
import * as names from '../contracts/names.ts';
import { takeAction } from './action.ts';
import { watchApprovals } from './approvals.ts';
import { askTicket, tellCompany } from './company.ts';
import { type Carried, ConversationState } from './conversation-state.ts';
import { hearPeople, relay, tellOwner } from './handover.ts';
import { showApproval, showPlaybook, showProgress, showResolved, showSilence, showWait } from './operator-view.ts';
import { bookkeeping, persistent } from './proxies.ts';
import { hearOfSettled } from './settled.ts';
import { watchSilence } from './silence.ts';
import { summariseLong } from './summary.ts';
import { record, takeTurn, tell } from './turn.ts';
import { tellSla, watchSla } from './watch-sla.ts';

const customerMessage = defineSignal<[CustomerMessage]>(names.customerMessage);
const decideAction = defineUpdate<Decided, [ActionDecision]>(names.decideAction);
const decideApproval = defineUpdate<ApprovalTaken, [ApprovalDecision]>(names.decideApproval);

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
  setHandler(decideAction, (decision) => state.actions.decide(decision), {
    validator: (decision: ActionDecision) => state.actions.assertDecidable(decision, Date.now()),
  });
  setHandler(decideApproval, (decision) => state.actions.decideApproval(decision), {
    validator: (decision: ApprovalDecision) => state.actions.assertApprovable(decision, Date.now()),
  });
  hearOfSettled(state);

  hearPeople(state);

  if (carried) {
    for (const { turn, sentence } of carried.unrecorded) record(state, turn, sentence);
    for (const reason of carried.tickets.opening) askTicket(state, reason);
  } else {
    const opening = await opened(state);
    state.adopt(opening, Date.now());
    showPlaybook(opening.playbook);
  }

  const silence = watchSilence(state);
  const approvals = watchApprovals(state);
  const sla = watchSla(state);
  // Where somebody else's word is waited for, that is no silence of the customer's.
  const isSilent = () => state.ownership.owner === 'assistant' && silence.over() && !state.awaitsPeople;
  for (let waited = state.awaitsPeople; ; waited = showApproval(state, waited)) {
    silence.watch();
    approvals.watch();
    sla.watch();
    showSilence(state);
    if (!state.hasWork()) await condition(() => state.hasWork() || isSilent() || sla.isDue());
    const owed = state.ownership.owed;
    const work = owed ? undefined : state.actions.nextWork();
    if (owed) {
      await tellOwner(state, owed);
      const { resolved: by } = owed;
      if (by && !state.hasWork() && (await closed(state, { outcome: by.outcome, reason: by.note ?? 'agent' }))) return;
    } else if (work) await takeAction(state, work);
    else if (state.hasRelay()) await relay(state);
    else if (state.hasMessages()) await takeTurn(state, state.beginTurn(Date.now()));
    else if (sla.isDue()) await tellSla(state);
    else if (!state.warned) await tell(state, state.beginWarning(), 'idleWarning');
    else if (await resolved(state)) return;
    showProgress(state, 'turn');
    summariseLong(state);
    if (workflowInfo().continueAsNewSuggested) break;
  }
  await condition(allHandlersFinished);
  showProgress(state, 'run');
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
  return !state.hasWork() && closed(state, { outcome: state.outcome, reason: 'idle' });
};

/** `false`: a message came meanwhile, and the record is open again. */
const closed = async (state: ConversationState, ending: Ending): Promise<boolean> => {
  await condition(() => state.unrecorded.length === 0 || state.hasWork());
  state.actions.forgetProposed();
  await persistent('close the record').resolveConversation(state.start.conversationId, state.ownership.term, ending);
  await tellCompany(state, ending);
  if (!state.hasWork()) {
    showResolved(state);
    return true;
  }
  await persistent('open the record again').openConversation(state.start);
  return false;
};
