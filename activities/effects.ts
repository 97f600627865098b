import { ApplicationFailure, Context } from '@temporalio/activity';
import { actionIdOf, callOf } from '../contracts/action-ids.ts';
import type { ActionId, EffectState } from '../contracts/actions.ts';
import { FAILURE } from '../contracts/failures.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { ToolCatalogue } from '../integrations/tool-catalogue.ts';
import type { Effect } from '../store/effect.ts';
import type { Effects } from '../store/effects.ts';
import type { Proposals } from '../store/proposals.ts';
import type { Settlings } from '../store/settlings.ts';
import type { Steps } from '../store/steps.ts';
import { createEffectRunner } from './effect-runner.ts';
import { resultOf } from './effect-words.ts';
import type { Gate } from './gate.ts';
import type { Turn } from './turn.ts';

export type EffectDeps = {
  playbook: Playbook;
  tools: ToolCatalogue;
  gate: Gate;
  steps: Steps;
  effects: Effects;
  proposals: Proposals;
  settlings: Pick<Settlings, 'tellIn'>;
};

/** How an effect ended, for the workflow. `undoUntil` is epoch milliseconds, where it can be taken back; `undid` what it took back. */
export type EffectEnd = { id: ActionId; state: EffectState; ok: boolean; undoUntil?: number; undid?: ActionId };

/** A sign of life this often, milliseconds: another worker takes over a few seconds after this one died. */
const HEARTBEAT_MS = 1_000;

export const createEffectActivities = (deps: EffectDeps) => {
  const { steps, effects, proposals, settlings } = deps;
  const run = createEffectRunner(deps);

  /** Tells the model: as the result of its call, or, for an action of an earlier turn, as a call of this turn of its own. */
  const tell = async (turn: Turn, effect: Effect): Promise<EffectEnd> => {
    const { ok, text } = resultOf(effect);
    // Somebody came back to it meanwhile: what is said here need not be said again.
    if (effect.looks > 0 && effect.state !== 'unknown') await settlings.tellIn(effect, turn.turn);
    if (effect.turn === turn.turn) await steps.settle(turn.conversationId, turn.turn, effect.call, { ok, text });
    else await steps.tell(turn, { ...stepOf(effect), result: text, ok });
    const { undoUntil, state, undoes } = effect;
    return {
      id: actionIdOf(effect),
      state,
      ok,
      ...(undoUntil && { undoUntil: undoUntil.getTime() }),
      ...(state === 'done' && undoes && { undid: actionIdOf(undoes) }),
    };
  };

  return {
    /**
     * Does one effect, once: that of a call of this turn, or one that was proposed earlier and has everybody's yes by now. Safe
     * to run again on any line. Rejects with `ToolUnavailable` while another attempt under the same key can find out more.
     */
    async runEffect(turn: Turn, of: { turn: number; call: number }): Promise<EffectEnd> {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        return await tell(
          turn,
          await run(turn, { conversationId: turn.conversationId, ...of }, context.cancellationSignal),
        );
      } finally {
        clearInterval(beat);
      }
    },

    /** No attempt is left: what was surely not sent did not happen, of anything else nobody knows. Safe to run again. */
    async giveUpEffect(turn: Turn, of: { turn: number; call: number }): Promise<EffectEnd> {
      const id = { conversationId: turn.conversationId, ...of };
      const standing = await effects.get(id);
      if (!standing)
        throw ApplicationFailure.nonRetryable(`there is no effect ${of.turn}.${of.call}`, FAILURE.notFound);
      if (standing.state === 'proposed' || standing.state === 'awaiting_approval')
        return tell(turn, await proposals.close(id, 'expired', 'assistant', 'it could not be started in time'));
      const end = standing.attemptedAt ? { state: 'unknown' as const, result: '' } : NOT_SENT;
      return tell(turn, await effects.finish(id, end));
    },

    /**
     * What became of an effect that had been unknown, as a call of this turn. `null`: its customer has heard of it in another
     * one. Safe to run again.
     */
    async tellSettled(turn: Turn, id: ActionId): Promise<EffectEnd | null> {
      const effect = await effects.get({ conversationId: turn.conversationId, ...callOf(id) });
      return effect && (await settlings.tellIn(effect, turn.turn)) ? tell(turn, effect) : null;
    },
  };
};

const NOT_SENT = {
  state: 'failed' as const,
  result: JSON.stringify({ error: 'unavailable', message: 'This cannot be done right now. Nothing was done.' }),
};

/** The call as it is told of in another turn: its first one. */
export const stepOf = ({ turn, call, tool, arguments: given }: Effect) => ({
  call: 0,
  toolCallId: `action.${turn}.${call}`,
  name: tool,
  arguments: JSON.stringify(given),
});
