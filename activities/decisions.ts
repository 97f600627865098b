import { ApplicationFailure } from '@temporalio/activity';
import { callOf } from '../contracts/action-ids.ts';
import type { ActionId } from '../contracts/actions.ts';
import { afterOpen, openSpans } from '../contracts/business-time.ts';
import { FAILURE } from '../contracts/failures.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { Effect } from '../store/effect.ts';
import type { Effects } from '../store/effects.ts';
import type { Proposals } from '../store/proposals.ts';
import type { Steps } from '../store/steps.ts';
import { resultOf } from './effect-words.ts';
import { stepOf } from './effects.ts';
import type { Gate } from './gate.ts';
import type { Turn } from './turn.ts';

export type DecisionDeps = { playbook: Playbook; gate: Gate; steps: Steps; effects: Effects; proposals: Proposals };

/** Why nobody's yes will come any more. `by` is `customer`, `clock`, `takeover` or `person:` and their name. */
export type Closing = { state: 'cancelled' | 'denied' | 'expired'; by: string; reason?: string };

/** What a person edited: taken, with the hash that is approved of from now on, or refused with the reason for them. */
export type Revised = { ok: true; argumentsHash: string } | { ok: false; reason: string };

/** Longer than any closure: whoever never opens in that time waits by the clock. */
const MAX_DAYS = 400;

export const createDecisionActivities = ({ playbook, gate, steps, effects, proposals }: DecisionDeps) => {
  const standing = async (conversationId: string, id: ActionId): Promise<Effect> => {
    const effect = await effects.get({ conversationId, ...callOf(id) });
    if (!effect) throw ApplicationFailure.nonRetryable(`there is no action ${id}`, FAILURE.notFound);
    return effect;
  };

  const tell = async (turn: Turn, effect: Effect): Promise<void> => {
    const { ok, text } = resultOf(effect);
    await steps.tell(turn, { ...stepOf(effect), result: text, ok });
  };

  return {
    /** The customer has agreed, and people have to. Resolves with until when, epoch milliseconds. Safe to run again. */
    async requestApproval(turn: Turn, id: ActionId): Promise<number> {
      const { tool } = await standing(turn.conversationId, id);
      const wait = playbook.tools.find(({ name }) => name === tool)?.approval?.expiresAfter ?? 0;
      const now = Date.now();
      const until = afterOpen(openSpans(playbook.hours, playbook.company.timezone, now, MAX_DAYS), now, wait);
      const effect = await proposals.awaitApproval(
        { conversationId: turn.conversationId, ...callOf(id) },
        new Date(until),
      );
      await tell(turn, effect);
      return effect.expiresAt?.getTime() ?? until;
    },

    /** Ends an action to which somebody has said no, or nobody anything. Safe to run again. */
    async closeAction(turn: Turn, id: ActionId, { state, by, reason = '' }: Closing): Promise<void> {
      await tell(
        turn,
        await proposals.close({ conversationId: turn.conversationId, ...callOf(id) }, state, by, reason),
      );
    },

    /** Writes down that a person approves of exactly these arguments. Safe to run again. */
    async approveAction(
      conversationId: string,
      id: ActionId,
      argumentsHash: string,
      { by, reason }: { by: string; reason?: string },
    ): Promise<void> {
      await proposals.approve({ conversationId, ...callOf(id) }, argumentsHash, by, reason ?? null);
    },

    /** Puts a person's arguments in place of the assistant's, when they pass the gate, with that person's approval. */
    async reviseAction(
      caller: Pick<Turn, 'conversationId' | 'owner' | 'turn' | 'term' | 'language'>,
      id: ActionId,
      text: string,
      { by, reason }: { by: string; reason?: string },
    ): Promise<Revised> {
      const effect = await standing(caller.conversationId, id);
      const revision = await gate.revise(caller, effect, text);
      if (!revision.ok) return { ok: false, reason: revision.message };
      const reached = await proposals.revise(effect, by, revision);
      if (reached) return { ok: false, reason: `the limit ${reached} is reached` };
      await proposals.approve(effect, revision.argumentsHash, by, reason ?? null);
      return { ok: true, argumentsHash: revision.argumentsHash };
    },
  };
};
