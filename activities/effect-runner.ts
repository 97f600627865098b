import { ApplicationFailure } from '@temporalio/activity';
import { FAILURE } from '../contracts/failures.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { ToolCatalogue } from '../integrations/tool-catalogue.ts';
import { type ToolResult, ToolUnavailable } from '../integrations/tools.ts';
import type { Effect, EffectId } from '../store/effect.ts';
import type { Effects } from '../store/effects.ts';
import type { Proposals } from '../store/proposals.ts';
import { ask, DOES_NOT_KNOW, errorOf, isRepeatable } from './effect-inquiry.ts';
import type { Caller, Gate } from './gate.ts';

type RunnerDeps = {
  playbook: Playbook;
  tools: Pick<ToolCatalogue, 'call'>;
  gate: Pick<Gate, 'ready' | 'lookup'>;
  effects: Effects;
  proposals: Proposals;
};

/**
 * Brings an effect to its end, or as near as one attempt can. The order is what makes it once: `intended` and the time of the
 * call are in Postgres before the provider hears anything, so whoever comes after a crash knows that it may have been done,
 * and asks under the same key or looks it up; where neither is possible it stays `unknown`, for people.
 */
export const createEffectRunner = ({ playbook, tools, gate, effects, proposals }: RunnerDeps) => {
  const byName = new Map(playbook.tools.map((tool) => [tool.name, tool]));

  const finish = (effect: Effect, state: 'done' | 'failed', { content }: Pick<ToolResult, 'content'>) => {
    const within = byName.get(effect.tool)?.undo?.within;
    return effects.finish(effect, { state, result: content, ...(within !== undefined && { undoWithin: within }) });
  };

  /** `again`: what an earlier call came to is not known, so whatever stops this one proves nothing. */
  const call = async (caller: Caller, effect: Effect, signal: AbortSignal, again: boolean): Promise<Effect> => {
    const built = await gate.ready(caller, effect);
    if (!built.ok && built.reason === 'unavailable') return lost(effect, again ? 'unknown' : 'not_sent', built.message);
    if (!built.ok && again) return effects.finish(effect, { state: 'unknown', result: '' });
    if (!built.ok) return finish(effect, 'failed', { content: errorOf(built.reason, built.message) });
    try {
      const result = await tools.call(built.tool, built.args, signal);
      if (!result.ok && DOES_NOT_KNOW.test(result.content))
        return await lost(effect, 'unknown', 'it does not know itself');
      return await finish(effect, result.ok ? 'done' : 'failed', result);
    } catch (error) {
      if (!(error instanceof ToolUnavailable)) throw error;
      return lost(effect, again ? 'unknown' : error.outcome, error.message);
    }
  };

  /** Nobody answered. Only what can be asked again without harm is. */
  const lost = async (effect: Effect, outcome: ToolUnavailable['outcome'], message: string): Promise<Effect> => {
    const tool = byName.get(effect.tool);
    if (outcome === 'not_sent') await effects.notSent(effect);
    else if (!isRepeatable(tool)) return effects.finish(effect, { state: 'unknown', result: '' });
    throw ApplicationFailure.create({ message, type: FAILURE.toolUnavailable });
  };

  /** It was called before and its caller was not heard of again. */
  const recover = async (caller: Caller, effect: Effect, signal: AbortSignal): Promise<Effect> => {
    const tool = byName.get(effect.tool);
    if (tool?.lookup === undefined && isRepeatable(tool)) return call(caller, effect, signal, true);
    const built = await gate.lookup(caller, effect);
    if (!built?.ok) {
      if (built?.reason === 'unavailable') return lost(effect, 'unknown', built.message);
      return effects.finish(effect, { state: 'unknown', result: '' });
    }
    const found = await ask(tools.call(built.tool, built.args, signal));
    if (found === 'unavailable') return lost(effect, 'unknown', 'its lookup does not answer');
    if (found) return finish(effect, 'done', found);
    // What was sent before may still be on its way to the provider, for as long as its call may take.
    const left = (effect.attemptedAt?.getTime() ?? 0) + (tool?.timeout ?? 0) - Date.now();
    if (left > 0)
      throw ApplicationFailure.create({
        message: 'not found, which is too early to tell',
        type: FAILURE.toolUnavailable,
        nextRetryDelay: left,
      });
    return call(caller, await effects.attemptedAgain(effect), signal, false);
  };

  return async (caller: Caller, id: EffectId, signal: AbortSignal): Promise<Effect> => {
    const attempt = await effects.attempt(id, caller.term);
    switch (attempt.kind) {
      case 'closed':
        return attempt.effect;
      case 'refused':
        return attempt.effect.state === 'intended'
          ? effects.finish(id, { state: 'failed', result: errorOf(attempt.reason, 'Nothing was done.') })
          : proposals.close(id, 'expired', 'assistant', attempt.reason);
      case 'go':
        return attempt.again ? recover(caller, attempt.effect, signal) : call(caller, attempt.effect, signal, false);
    }
  };
};
