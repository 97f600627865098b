import { sql } from 'kysely';
import type { Action } from '../contracts/actions.ts';
import type { PlaybookTool } from '../contracts/playbook.ts';
import type { Transaction } from './database.ts';
import { ABANDONED_MS, type Effect, type EffectId, OPEN, toEffect } from './effect.ts';
import { limitReached, type Reached } from './effect-limits.ts';

// How an effect gets into the ledger, or why not. Everything here is part of one transaction, under its customer's lock.

/** An effect that the gate has let through so far. `term` is that of the turn: after a takeover nothing is begun. */
export type Asked = EffectId & {
  term: number;
  subject: string;
  key: string;
  tool: string;
  arguments: Record<string, unknown>;
  argumentsHash: string;
  /** What it adds to the sums of its limits. */
  amount: number | null;
  limits: PlaybookTool['limits'];
  undoes: { turn: number; call: number } | null;
};

/** What the customer has to agree to, and above a sum people. */
export type Proposal = {
  card: Pick<Action, 'title' | 'arguments'>;
  expiresAt: Date;
  approval: { approvers: number; above: number | null } | null;
};

export type Refusal =
  /** The conversation is not this subject's, or has another owner by now. */
  | 'not_owner'
  | 'overtaken'
  /** The same with the same arguments is open, or was done in this very turn. */
  | 'duplicate'
  | 'already_undone'
  | Reached;

/**
 * A proposal nobody decided on counts until this long after its time where another conversation asks, since its yes may be on its
 * way; its own has heard it by then.
 */
const GRACE = sql`interval '5 minutes'`;
const NONE = sql`interval '0'`;

/** Waits for a takeover in progress, and keeps the next one waiting until this transaction has ended. */
export const isOvertaken = async (tx: Transaction, { conversationId }: EffectId, term: number): Promise<boolean> => {
  const owner = await tx
    .selectFrom('conversations')
    .select('term')
    .where('id', '=', conversationId)
    .forShare()
    .executeTakeFirst();
  return owner?.term !== term;
};

/** Why this must not be entered, or `null`. */
export const refusal = async (tx: Transaction, asked: Asked): Promise<Refusal | null> => {
  const { conversationId, turn, subject } = asked;
  const owned = await tx
    .selectFrom('conversations')
    .select('id')
    .where('id', '=', conversationId)
    .where('owner', '=', subject)
    .executeTakeFirst();
  if (!owned) return 'not_owner';
  if (await isOvertaken(tx, asked, asked.term)) return 'overtaken';
  await tx
    .updateTable('effects')
    .set({ state: 'expired', updated_at: sql<Date>`now()` })
    .where('subject', '=', subject)
    .where('state', '=', 'proposed')
    .where(
      'expires_at',
      '<',
      sql<Date>`now() - case when conversation_id = ${conversationId} then ${NONE} else ${GRACE} end`,
    )
    .execute();
  const twins = await tx
    .selectFrom('effects')
    .select(['turn', 'state', 'undoes_turn'])
    .where('conversation_id', '=', conversationId)
    .where('state', 'not in', ['failed', 'cancelled', 'denied', 'expired'])
    .where(({ eb, and, or }) =>
      asked.undoes
        ? and([eb('undoes_turn', '=', asked.undoes.turn), eb('undoes_call', '=', asked.undoes.call)])
        : and([
            eb('tool', '=', asked.tool),
            eb('arguments_hash', '=', asked.argumentsHash),
            or([eb('turn', '=', turn), eb('state', 'in', [...OPEN, 'intended'])]),
          ]),
    )
    .execute();
  if (twins.length > 0) return asked.undoes ? 'already_undone' : 'duplicate';
  return limitReached(tx, asked);
};

/** People are asked from the piece on that brings the last 24 hours above the limit; what they approved of does not count. */
const approversOf = async (
  tx: Transaction,
  { subject, tool, amount }: Asked,
  { approvers, above }: NonNullable<Proposal['approval']>,
): Promise<number> => {
  if (above === null) return approvers;
  const { before } = await tx
    .selectFrom('effects')
    .select(sql<number>`coalesce(sum(amount), 0)::float8`.as('before'))
    .where('subject', '=', subject)
    .where('tool', '=', tool)
    .where('approvers', '=', 0)
    .where('state', 'in', ['proposed', 'intended', 'done', 'unknown'])
    .where('created_at', '>', sql<Date>`now() - interval '24 hours'`)
    .executeTakeFirstOrThrow();
  return before + (amount ?? 0) > above ? approvers : 0;
};

export const enter = async (tx: Transaction, asked: Asked, proposal: Proposal | null): Promise<Effect> => {
  const row = await tx
    .insertInto('effects')
    .values({
      conversation_id: asked.conversationId,
      turn: asked.turn,
      call: asked.call,
      key: asked.key,
      subject: asked.subject,
      tool: asked.tool,
      arguments: JSON.stringify(asked.arguments),
      arguments_hash: asked.argumentsHash,
      amount: asked.amount === null ? null : String(asked.amount),
      state: proposal ? 'proposed' : 'intended',
      card: proposal && JSON.stringify(proposal.card),
      approvers: proposal?.approval ? await approversOf(tx, asked, proposal.approval) : 0,
      expires_at: proposal?.expiresAt ?? null,
      look_at: proposal ? null : new Date(Date.now() + ABANDONED_MS),
      undoes_turn: asked.undoes?.turn ?? null,
      undoes_call: asked.undoes?.call ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toEffect(row);
};
