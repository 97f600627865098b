import {
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  log,
  rootCause,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AgentChange, ConversationLeft, DeskSwitch, Direction, Handoff, OfferAnswer } from '../contracts/desk.ts';
import type { DeskEffect, DeskPolicy, EffectResult } from '../contracts/desk-work.ts';
import * as names from '../contracts/names.ts';
import { patient, policyOf, quick } from './desk-proxies.ts';
import type { CarriedDesk } from './desk-records.ts';
import { DeskState } from './desk-state.ts';

const handOff = defineSignal<[Handoff]>(names.handOff);
const conversationLeft = defineSignal<[ConversationLeft]>(names.conversationLeft);
const agentChanged = defineSignal<[AgentChange]>(names.agentChanged);
const switchDesk = defineSignal<[DeskSwitch]>(names.switchDesk);
const directWaiting = defineSignal<[Direction]>(names.directWaiting);
const answerOffer = defineUpdate<void, [OfferAnswer]>(names.answerOffer);
const deskState = defineQuery<CarriedDesk>(names.deskState);

/** A desk that the playbook does not have: never open, so whoever comes goes back to the assistant and is told so. */
const NO_DESK: DeskPolicy = {
  ...{ ringMs: 20_000, restMs: 0, missesUntilAway: 1, wrapUpMs: 0, firstReplyMs: 0, agingMs: 60_000, relaxMs: 60_000 },
  ...{ handleMs: 60_000, whenClosed: 'assistant', open: [] },
};

/** How long the hours and rules of the playbook are good for; they are read again when something happens after that. */
const POLICY_MS = 3_600_000;

/**
 * One desk, for as long as the company has it: the single writer of who is offered what. Handlers change the state and return;
 * this loop alone has things done. A run ends when its history grows long, and the next one goes on with all of it.
 */
export async function desk(name: string, carried?: CarriedDesk): Promise<void> {
  // A run that goes on listens before it waits for anything: whoever answers an offer at this moment must find a handler.
  const state = carried ? new DeskState(carried) : DeskState.opened(await policyNow(name));
  let policyUntil = carried ? 0 : Date.now() + POLICY_MS;
  let isChanged = true;
  /** What every handler does: changes the state, and wakes the loop. */
  const change = (by: (now: number) => void): void => {
    by(Date.now());
    isChanged = true;
  };

  setHandler(handOff, (handoff: Handoff) => change((now) => state.handOff(handoff, now)));
  setHandler(conversationLeft, (left: ConversationLeft) => change((now) => state.left(left, now)));
  setHandler(agentChanged, (changed: AgentChange) => change((now) => state.agentChanged(changed, now)));
  setHandler(switchDesk, (to: DeskSwitch) => change(() => state.setSwitch(to)));
  setHandler(directWaiting, (direction: Direction) => change((now) => state.direct(direction, now)));
  setHandler(answerOffer, (answer: OfferAnswer) => change((now) => state.answer(answer, now)), {
    validator: (answer: OfferAnswer) => {
      const objection = state.objection(answer);
      if (objection) throw ApplicationFailure.nonRetryable(objection, 'OfferClosed');
    },
  });
  setHandler(deskState, () => state.carry());

  const settle = (results: readonly EffectResult[]): void => {
    for (const result of results) state.settle(result, Date.now());
    isChanged = true;
  };

  for (;;) {
    isChanged = false;
    if (Date.now() >= policyUntil) {
      state.setPolicy(await policyNow(name));
      policyUntil = Date.now() + POLICY_MS;
    }
    state.tick(Date.now());
    const effects = state.takeEffects(Date.now());
    if (effects.length > 0) settle(await carriedOut(name, effects, settle));
    if (workflowInfo().continueAsNewSuggested) break;
    if (isChanged) continue;
    const due = state.nextDeadline;
    if (due === null) await condition(() => isChanged);
    else await condition(() => isChanged, Math.max(due - Date.now(), 1));
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof desk>(name, state.carry());
}

const policyNow = async (name: string): Promise<DeskPolicy> => (await policyOf.openDesk(name, Date.now())) ?? NO_DESK;

/** At once where that is possible; what is not goes on beside the loop, and in the next run should this one end before. */
const carriedOut = async (
  desk: string,
  effects: DeskEffect[],
  settle: (results: readonly EffectResult[]) => void,
): Promise<EffectResult[]> => {
  let results: EffectResult[] = [];
  try {
    results = await quick.carryOut(desk, effects);
  } catch (error) {
    log.warn('nothing could be done at once', { desk, cause: rootCause(error) });
  }
  const done = new Set(results.map(({ id }) => id));
  for (const effect of effects) {
    if (done.has(effect.id)) continue;
    patient(`${effect.kind}: again, since it did not succeed at once`)
      .carryOutOne(desk, effect)
      .then(
        (result) => settle([result]),
        (error: unknown) => log.error('an effect was lost', { desk, kind: effect.kind, cause: rootCause(error) }),
      );
  }
  return results;
};
