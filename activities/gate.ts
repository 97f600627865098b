import { verifiedCustomer } from '../contracts/ids.ts';
import { type Playbook, type PlaybookTool, UNDO_TOOL } from '../contracts/playbook.ts';
import type { ToolDescription } from '../integrations/model.ts';
import type { ToolCatalogue } from '../integrations/tool-catalogue.ts';
import type { BuiltArguments, ToolContext } from '../integrations/tool-policy.ts';
import type { Audit } from '../store/audit.ts';
import type { Effect } from '../store/effect.ts';
import type { Proposal, Refusal } from '../store/effect-entry.ts';
import type { Effects } from '../store/effects.ts';
import type { Steps } from '../store/steps.ts';
import type { Step } from '../store/turns.ts';
import { cardOf } from './action-card.ts';
import { argumentsHashOf, effectKeyOf } from './effect-key.ts';
import type { Turn } from './turn.ts';
import { undoArguments, undoDescription, undoTarget } from './undoing.ts';

export type GateDeps = { playbook: Playbook; tools: ToolCatalogue; steps: Steps; effects: Effects; audit: Audit };

/** Whose turn it is, and in which conversation. The owner is whom the gateway verified; nothing that a model writes gets here. */
export type Caller = Pick<Turn, 'conversationId' | 'owner' | 'turn' | 'term' | 'language'>;

export type Verdict =
  /** `reason` is for the audit, `message` for the model; `audited`: the ledger has written the row of its own decision. */
  | { kind: 'refused'; reason: string; message: string; audited: boolean }
  | { kind: 'read'; tool: PlaybookTool; args: Record<string, unknown> }
  /** In the ledger: intended, or proposed to the customer, or what became of it since it was asked for. */
  | { kind: 'effect'; effect: Effect };

type Refused = Extract<Verdict, { kind: 'refused' }>;
type Wanted = {
  tool: PlaybookTool;
  given: Record<string, unknown>;
  /** What it takes back. */
  undoes: Effect | null;
};

export type Gate = ReturnType<typeof createGate>;

/**
 * The one way from what a model wrote to anything that happens: the session's subject, who may use the tool, its arguments,
 * its limits, the ledger, and the audit, which gets a row with the reason for every decision. Passing it again with the same
 * call gives the same verdict.
 */
export const createGate = ({ playbook, tools, steps, effects, audit }: GateDeps) => {
  const byName = new Map(playbook.tools.map((tool) => [tool.name, tool]));

  const contextOf = ({ conversationId, owner }: Caller, of: { turn: number; call: number }): ToolContext => ({
    customerId: verifiedCustomer(owner),
    conversationId,
    effectKey: effectKeyOf({ conversationId, ...of }),
  });

  /** What is to be called: the tool that the model named, or the undo of what it wants to take back. */
  const wanted = async (caller: Caller, step: Step): Promise<{ built: BuiltArguments; undoes: Wanted['undoes'] }> => {
    const policy = await tools.policy();
    const context = contextOf(caller, { turn: caller.turn, call: step.call });
    if (step.name !== UNDO_TOOL)
      return { built: policy.buildArguments(step.name, step.arguments, context), undoes: null };
    const id = undoTarget(step.arguments);
    const target = id && (await effects.get({ conversationId: caller.conversationId, ...id }));
    const undo = target && byName.get(target.tool)?.undo;
    const inTime = target?.undoUntil && target.undoUntil.getTime() > Date.now();
    if (!target || target.subject !== caller.owner || target.state !== 'done' || !undo || !inTime)
      return { built: { ok: false, reason: 'bad_arguments', message: 'This cannot be taken back.' }, undoes: null };
    return { built: policy.buildHidden(undo.tool, undoArguments(undo, target), context), undoes: target };
  };

  /** Who takes something back is shown what that is, in the words of its own card. */
  const shown = ({ tool, given, undoes }: Wanted, language: string | undefined): Proposal['card'] => {
    const { defaultLanguage } = playbook.assistant;
    const card = cardOf(tool, given, language, defaultLanguage);
    const taken = undoes && byName.get(undoes.tool);
    if (!taken) return card;
    return {
      ...card,
      ...(undoes.card ?? cardOf(taken, undoes.arguments, language, defaultLanguage)),
      title: card.title,
    };
  };

  const begin = async (caller: Caller, step: Step, wish: Wanted): Promise<Verdict> => {
    const { tool, given, undoes } = wish;
    const { conversationId, turn, term, owner, language } = caller;
    const { call } = step;
    const amount = amountOf(tool, given);
    if (amount === 'unreadable') return refused('bad_arguments', 'The amount must be a number of at least 0.');
    const begun = await effects.begin(
      {
        ...{ conversationId, turn, call, term, amount },
        undoes: undoes && { turn: undoes.turn, call: undoes.call },
        subject: owner,
        key: effectKeyOf({ conversationId, turn, call }),
        tool: tool.name,
        arguments: given,
        argumentsHash: argumentsHashOf(tool.name, given),
        limits: tool.limits,
      },
      tool.confirm
        ? {
            card: shown(wish, language),
            expiresAt: new Date(Date.now() + tool.confirmWithin),
            approval: tool.approval ? { approvers: tool.approval.approvers, above: tool.approval.above ?? null } : null,
          }
        : null,
    );
    return begun.kind === 'standing'
      ? { kind: 'effect', effect: begun.effect }
      : { ...refused(begun.reason, SAID[begun.reason]), audited: true };
  };

  const standing = async ({ conversationId, turn }: Caller, { call }: Step): Promise<Verdict | null> => {
    const effect = await effects.get({ conversationId, turn, call });
    return effect && { kind: 'effect', effect };
  };

  const decided = async (caller: Caller, step: Step): Promise<Verdict> => {
    const { conversationId, turn } = caller;
    const before = await standing(caller, step);
    if (before) return before;
    const { built, undoes } = await wanted(caller, step);
    if (!built.ok) return refused(built.reason, built.message);
    const { tool, given, args } = built;
    const asked = await steps.before(conversationId, turn, step);
    if (tool.kind === 'effect') {
      if (asked.sameId) return refused('repeated_id', 'Another call of this answer has the same id.');
      return begin(caller, step, { tool, given, undoes });
    }
    const { perTurn, perConversation } = tool.limits;
    if (asked.inTurn >= (perTurn ?? Number.POSITIVE_INFINITY)) return refused('per_turn', SAID.per_turn);
    if (asked.inConversation >= (perConversation ?? Number.POSITIVE_INFINITY))
      return refused('per_conversation', SAID.per_conversation);
    return { kind: 'read', tool, args };
  };

  return {
    /** What the model is told that it may use in this conversation. */
    async describe(turn: Turn): Promise<ToolDescription[]> {
      const policy = await tools.policy();
      const own = policy.describe({ customerId: verifiedCustomer(turn.owner), conversationId: turn.conversationId });
      if (turn.undoable.length === 0) return own;
      return [...own, ...undoDescription(await effects.undoable(turn.conversationId))];
    },

    /** What the customer reads while the tool runs. */
    title: (name: string, language: string | undefined): string => {
      const undo = name === UNDO_TOOL && playbook.tools.find((tool) => tool.undo)?.undo?.tool;
      return tools.title(undo || name, language);
    },

    /** The verdict of a call that is in the ledger already. */
    standing,

    /** Rejects with `StoreUnavailable`: what cannot be recorded is not done. */
    async pass(caller: Caller, step: Step): Promise<Verdict> {
      const verdict = await decided(caller, step);
      if (verdict.kind === 'effect' || (verdict.kind === 'refused' && verdict.audited)) return verdict;
      await audit.record({
        actor: 'assistant',
        action: verdict.kind === 'read' ? 'tool.called' : 'tool.refused',
        subject: caller.conversationId,
        detail: {
          ...{ turn: caller.turn, call: step.call, tool: step.name },
          reason: verdict.kind === 'read' ? 'policy' : verdict.reason,
        },
      });
      return verdict;
    },

    /** What an effect's provider is to be called with, now. Refused when its provider does not offer it any more, or otherwise. */
    async ready(caller: Caller, { tool, turn, call, arguments: given }: Effect): Promise<BuiltArguments> {
      const policy = await tools.policy();
      const context = contextOf(caller, { turn, call });
      return byName.get(tool)?.hidden
        ? policy.buildHidden(tool, given, context)
        : policy.buildArguments(tool, JSON.stringify(given), context);
    },

    /** The call that asks what became of an effect, where its tool has one. */
    async lookup(caller: Caller, { tool, turn, call }: Effect): Promise<BuiltArguments | null> {
      const name = byName.get(tool)?.lookup;
      if (name === undefined) return null;
      return (await tools.policy()).buildHidden(name, {}, contextOf(caller, { turn, call }));
    },

    /** Other arguments for an action that a person edited: checked as the model's were, except that a person may go higher. */
    async revise(caller: Caller, { tool: name, turn, call }: Effect, text: string) {
      const built = (await tools.policy()).buildArguments(name, text, contextOf(caller, { turn, call }));
      if (!built.ok) return built;
      const { tool, given } = built;
      const amount = amountOf(tool, given);
      if (amount === 'unreadable')
        return {
          ok: false as const,
          reason: 'bad_arguments' as const,
          message: 'The amount must be a number of at least 0.',
        };
      const card = cardOf(tool, given, caller.language, playbook.assistant.defaultLanguage);
      const argumentsHash = argumentsHashOf(tool.name, given);
      return { ok: true as const, arguments: given, argumentsHash, amount, limits: tool.limits, card };
    },
  };
};

const refused = (reason: string, message: string): Refused => ({ kind: 'refused', reason, message, audited: false });

/** What limits and approval are measured by; `null` where nothing is. A sum that cannot be read is never let through. */
const amountOf = (tool: PlaybookTool, given: Record<string, unknown>): number | null | 'unreadable' => {
  const argument = tool.limits.sum?.argument ?? tool.approval?.argument;
  if (argument === undefined) return null;
  const value = Object.hasOwn(given, argument) ? given[argument] : undefined;
  const amount = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : 'unreadable';
};

const LIMIT = 'The limit for this is reached. It was not done. A person of the team can help.';

/** What the model is told when a limit or the ledger says no. */
const SAID: Record<Refusal, string> = {
  not_owner: 'This conversation belongs to somebody else.',
  overtaken: 'A person has taken over this conversation. Nothing was done.',
  duplicate: 'This was asked for already with the same arguments. It is not done twice.',
  already_undone: 'This is taken back already.',
  per_turn: LIMIT,
  per_conversation: LIMIT,
  sum_per_conversation: LIMIT,
  sum_per_day: LIMIT,
};
