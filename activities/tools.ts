import { ApplicationFailure, Context } from '@temporalio/activity';
import { actionIdOf } from '../contracts/action-ids.ts';
import type { ActionId } from '../contracts/actions.ts';
import { FAILURE } from '../contracts/failures.ts';
import type { Playbook } from '../contracts/playbook.ts';
import { timeLeft } from '../contracts/turn-time.ts';
import type { ToolCatalogue } from '../integrations/tool-catalogue.ts';
import { type ToolResult, ToolUnavailable } from '../integrations/tools.ts';
import type { Steps } from '../store/steps.ts';
import { resultOf } from './effect-words.ts';
import type { Gate } from './gate.ts';
import type { Turn } from './turn.ts';

export type ToolDeps = { playbook: Playbook; tools: ToolCatalogue; steps: Steps; gate: Gate };

/** What the workflow must know of an action that waits for its customer. Times are epoch milliseconds. */
export type Proposed = {
  id: ActionId;
  argumentsHash: string;
  expiresAt: number;
  approvers: number;
  /** It is about more than the playbook leaves to the assistant alone. */
  isValuable?: true;
};

/** How a call went on. */
export type Called =
  /** It has its result: it was a read, or refused, or is over. */
  | { kind: 'answered'; ok: boolean }
  /** It may be done now, by `runEffect`: the workflow's history holds the decision by then. */
  | { kind: 'effect' }
  /** Its result says that the customer is asked. */
  | { kind: 'proposed'; proposed: Proposed };

export const createToolActivities = ({ playbook, tools, steps, gate }: ToolDeps) => ({
  /**
   * Takes one decided call of a turn through the gate. What reads is done here and now; nothing that changes anything is. Safe
   * to run again: the first result stays. A tool that fails, refuses or is down is an answer to the model, not a failure of
   * the turn.
   */
  async callTool(turn: Turn, call: number): Promise<Called> {
    const step = await steps.get(turn.conversationId, turn.turn, call);
    if (!step) throw ApplicationFailure.nonRetryable(`turn ${turn.turn} has no call ${call}`, FAILURE.notFound);
    const settle = async ({ ok, content }: ToolResult): Promise<Called> => {
      await steps.settle(turn.conversationId, turn.turn, call, { ok, text: content });
      return { kind: 'answered', ok };
    };
    const verdict = step.result === null ? await gate.pass(turn, step) : await gate.standing(turn, step);
    if (!verdict) return { kind: 'answered', ok: step.ok === true };
    switch (verdict.kind) {
      case 'refused':
        return settle({
          ok: false,
          content: JSON.stringify({ error: verdict.reason, message: verdict.message }),
        });
      case 'read':
        return settle(
          await inTime(turn, (signal) => tools.call(verdict.tool, verdict.args, signal), Context.current()),
        );
      case 'effect': {
        const { effect } = verdict;
        if (effect.state === 'intended') return { kind: 'effect' };
        const { ok, text } = resultOf(effect);
        await settle({ ok, content: text });
        if (effect.state !== 'proposed') return { kind: 'answered', ok };
        const { argumentsHash, expiresAt, approvers, amount } = effect;
        const isValuable = amount !== null && amount > (playbook.handoff.valueAbove ?? Number.POSITIVE_INFINITY);
        return {
          kind: 'proposed',
          proposed: {
            ...{ id: actionIdOf(effect), argumentsHash, approvers, expiresAt: expiresAt?.getTime() ?? 0 },
            ...(isValuable ? { isValuable } : {}),
          },
        };
      }
    }
  },
});

/**
 * What a tool says, or that it cannot be had: it is down, or the turn has no more time for it, since the model has to say
 * something yet.
 */
const inTime = async (
  turn: Turn,
  call: (signal: AbortSignal) => Promise<ToolResult>,
  { cancellationSignal }: Context,
): Promise<ToolResult> => {
  const { forTools } = timeLeft(turn, Date.now());
  if (forTools <= 0) return UNAVAILABLE;
  const limit = AbortSignal.timeout(forTools);
  try {
    return await call(AbortSignal.any([cancellationSignal, limit]));
  } catch (error) {
    const isLate = limit.aborted && !cancellationSignal.aborted;
    if (!isLate && !(error instanceof ToolUnavailable)) throw error;
    return UNAVAILABLE;
  }
};

const UNAVAILABLE: ToolResult = {
  ok: false,
  content: JSON.stringify({ error: 'unavailable', message: 'This cannot be looked up right now.' }),
};
