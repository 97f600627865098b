import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Turn } from '../../activities/turn.ts';
import type { ConversationStart, CustomerMessage } from '../../contracts/conversation.ts';
import * as names from '../../contracts/names.ts';
import { type Carried, ConversationState } from '../../workflows/conversation-state.ts';
import { watchSilence } from '../../workflows/silence.ts';
import type { StepActivities } from './step-per-activity.ts';

// Conversations as the product's, signal, state, silence and all, that differ from it and from each other in one thing: what
// a turn is made of.

const customerMessage = defineSignal<[CustomerMessage]>(names.customerMessage);

const activity = { startToCloseTimeout: '45 seconds' } as const;
/** As the product's slow path has it: a worker that dies in the middle of a stream must be noticed. */
const streaming = { ...activity, heartbeatTimeout: '10 seconds' } as const;

const { openConversation } = proxyLocalActivities<Activities>(activity);
const { context, retrieve, persist } = proxyActivities<StepActivities>(activity);
const { reply } = proxyActivities<StepActivities>(streaming);
const whole = proxyActivities<Activities>(streaming);

/** Each step of a turn is an activity, and what one finds out comes to the next through the workflow. */
export async function stepPerActivity(start: ConversationStart, carried?: Carried): Promise<void> {
  await converse(start, carried, async (turn) => {
    const opened = await context(turn);
    const passages = await retrieve(turn);
    const answer = await reply(turn, opened, passages);
    await persist(turn, opened.draft, answer);
  });
}

/** The turn is one activity: the product's `reply`, as it runs on the slow path. */
export async function oneActivity(start: ConversationStart, carried?: Carried): Promise<void> {
  await converse(start, carried, async (turn) => {
    const outcome = await whole.reply(turn);
    if (outcome.kind !== 'ended') throw new Error(`a plain question ended as "${outcome.kind}"`);
  });
}

const converse = async (
  start: ConversationStart,
  carried: Carried | undefined,
  take: (turn: Turn) => Promise<void>,
): Promise<void> => {
  const state = new ConversationState(start, carried);
  setHandler(customerMessage, (message) => void state.receive(message));
  if (!carried) state.adopt(await openConversation(start), Date.now());
  const silence = watchSilence(state);
  while (!workflowInfo().continueAsNewSuggested) {
    silence.watch();
    if (!state.hasWork()) await condition(() => state.hasWork() || silence.over());
    if (!state.hasWork()) return;
    await take(state.beginTurn(Date.now()));
  }
  await continueAsNew(start, state.carry());
};
