import { sql, type UpdateObject } from 'kysely';
import { actionIdOf } from '../contracts/action-ids.ts';
import type { Action, EffectState } from '../contracts/actions.ts';
import type { PlaybookTool } from '../contracts/playbook.ts';
import { recordIn } from './audit.ts';
import { type Database, reaching, type Transaction } from './database.ts';
import { type Effect, type EffectId, OPEN, toEffect } from './effect.ts';
import { limitReached, lockSubject, type Reached } from './effect-limits.ts';
import type { Schema } from './schema.ts';

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

export type Begun = { kind: 'standing'; effect: Effect } | { kind: 'refused'; reason: Refusal };

export type Attempt =
  /** Ours to call. `again`: it was called before, and nobody knows what came of it. */
  | { kind: 'go'; effect: Effect; again: boolean }
  /** It has its end, or never had everybody's yes. */
  | { kind: 'closed'; effect: Effect }
  | { kind: 'refused'; effect: Effect; reason: 'overtaken' | 'not_approved' };

/** A proposal nobody decided on counts against limits until this long after its time, since its yes may be on its way. */
const GRACE = sql`interval '5 minutes'`;

/** The ledger of effects. Every decision is audited in the transaction that made it. Every method rejects with `StoreUnavailable`. */
export type Effects = ReturnType<typeof createEffects>;

export const createEffects = (db: Database) => ({
  async get(id: EffectId): Promise<Effect | null> {
    const row = await reaching(select(db, id).executeTakeFirst());
    return row ? toEffect(row) : null;
  },

  /**
   * Enters an effect: as `proposed` where it needs somebody's yes, else as `intended`. One that is there already stays as it
   * is, whatever is asked now: the first decision of a call counts.
   */
  async begin(asked: Asked, proposal: Proposal | null): Promise<Begun> {
    return transact(db, async (tx) => {
      await lockSubject(tx, asked.subject);
      const standing = await select(tx, asked).executeTakeFirst();
      if (standing) return { kind: 'standing', effect: toEffect(standing) };
      const reason = await refusal(tx, asked);
      await recordIn(tx, {
        actor: 'assistant',
        action: reason ? 'effect.refused' : proposal ? 'effect.proposed' : 'effect.intended',
        subject: asked.conversationId,
        detail: { ...trace(asked), tool: asked.tool, ...(reason ? { reason } : { reason: 'policy' }) },
      });
      if (reason) return { kind: 'refused', reason };
      return { kind: 'standing', effect: await enter(tx, asked, proposal) };
    });
  },

  /**
   * Takes an effect for one call of its provider. Only here does one become `intended` that had to be agreed to, in the
   * transaction that sees to it that the conversation still has its owner and that enough people approved of exactly these
   * arguments. One that was called before stays ours to finish, whoever owns the conversation now.
   */
  async attempt(id: EffectId, term: number): Promise<Attempt> {
    return transact(db, async (tx) => {
      const row = await select(tx, id).forUpdate().executeTakeFirst();
      if (!row) throw new Error(`there is no effect ${id.conversationId} ${id.turn}.${id.call}`);
      const effect = toEffect(row);
      const isOpen = OPEN.some((state) => state === effect.state);
      if (!isOpen && effect.state !== 'intended') return { kind: 'closed', effect };
      if (effect.attemptedAt) return { kind: 'go', effect, again: true };
      const reason = (await isOvertaken(tx, id, term))
        ? 'overtaken'
        : isOpen && (await approvalsOf(tx, effect)) < effect.approvers
          ? 'not_approved'
          : null;
      const agreed = effect.state === 'proposed' ? 'confirmed' : effect.state === 'intended' ? 'policy' : 'approved';
      const detail = { ...trace(id), tool: effect.tool, reason: reason ?? agreed };
      const action = reason ? 'effect.refused' : 'effect.attempted';
      await recordIn(tx, { actor: 'assistant', action, subject: id.conversationId, detail });
      if (reason) return { kind: 'refused', effect, reason };
      await mark(tx, id, { state: 'intended', attempted_at: sql`now()` });
      return { kind: 'go', effect: { ...effect, state: 'intended' }, again: false };
    });
  },

  /** The call did not reach the provider: the next one is the first. */
  async notSent(id: EffectId): Promise<void> {
    await reaching(mark(db, id, { attempted_at: null }, ['intended']));
  },

  /** It is called once more, since nothing is known of it where it should have been done. */
  async attemptedAgain(id: EffectId): Promise<void> {
    await reaching(mark(db, id, { attempted_at: sql`now()` }, ['intended']));
  },

  /**
   * Writes down how it ended. The first end stays, except that a provider's own answer is better than `unknown`. Taking
   * something back marks what was taken back.
   */
  async finish(id: EffectId, end: { state: 'done' | 'failed' | 'unknown'; result: string; undoWithin?: number }) {
    return transact(db, async (tx): Promise<Effect> => {
      const row = await select(tx, id).forUpdate().executeTakeFirstOrThrow();
      if (row.state !== 'intended' && !(row.state === 'unknown' && end.state !== 'unknown')) return toEffect(row);
      const { state, result, undoWithin } = end;
      const until = state === 'done' && undoWithin !== undefined ? new Date(Date.now() + undoWithin) : null;
      await mark(tx, id, { state, result, undo_until: until });
      const { undoes } = toEffect(row);
      if (state === 'done' && undoes)
        await mark(tx, { conversationId: id.conversationId, ...undoes }, { state: 'undone', undo_until: null });
      const detail = { ...trace(id), tool: row.tool, ...(undoes && { undoes: actionIdOf(undoes) }) };
      // For people: nothing and nobody will look at it again by itself.
      if (state === 'unknown')
        await tx
          .insertInto('records')
          .values({ conversation_id: id.conversationId, type: 'effect.unknown', detail: JSON.stringify(detail) })
          .execute();
      await recordIn(tx, { actor: 'assistant', action: `effect.${state}`, subject: id.conversationId, detail });
      return { ...toEffect(row), state, result, undoUntil: until };
    });
  },

  /** What can be taken back in a conversation now, oldest first. */
  async undoable(conversationId: string): Promise<Effect[]> {
    const rows = await reaching(
      db
        .selectFrom('effects')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('state', '=', 'done')
        .where('undo_until', '>', sql<Date>`now()`)
        .orderBy('turn')
        .orderBy('call')
        .execute(),
    );
    return rows.map(toEffect);
  },
});

export const transact = <T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  reaching(db.transaction().execute(work));

export const trace = ({ turn, call }: EffectId) => ({ turn, call });

export const select = (db: Database | Transaction, id: EffectId) =>
  db
    .selectFrom('effects')
    .selectAll()
    .where('conversation_id', '=', id.conversationId)
    .where('turn', '=', id.turn)
    .where('call', '=', id.call);

/** Without `from`, whatever its state. */
export const mark = async (
  db: Database | Transaction,
  id: EffectId,
  change: UpdateObject<Schema, 'effects'>,
  from?: readonly EffectState[],
): Promise<boolean> => {
  const { numUpdatedRows } = await db
    .updateTable('effects')
    .set({ ...change, updated_at: sql<Date>`now()` })
    .where('conversation_id', '=', id.conversationId)
    .where('turn', '=', id.turn)
    .where('call', '=', id.call)
    .$if(from !== undefined, (query) => query.where('state', 'in', from ?? []))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

/** Waits for a takeover in progress, and keeps the next one waiting until this transaction has ended. */
const isOvertaken = async (tx: Transaction, { conversationId }: EffectId, term: number): Promise<boolean> => {
  const owner = await tx
    .selectFrom('conversations')
    .select('term')
    .where('id', '=', conversationId)
    .forShare()
    .executeTakeFirst();
  return owner?.term !== term;
};

const approvalsOf = async (tx: Transaction, { conversationId, turn, call, argumentsHash }: Effect): Promise<number> => {
  const { count } = await tx
    .selectFrom('approvals')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('conversation_id', '=', conversationId)
    .where('turn', '=', turn)
    .where('call', '=', call)
    .where('arguments_hash', '=', argumentsHash)
    .executeTakeFirstOrThrow();
  return Number(count);
};

const refusal = async (tx: Transaction, asked: Asked): Promise<Refusal | null> => {
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
    .where('expires_at', '<', sql<Date>`now() - ${GRACE}`)
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

const enter = async (tx: Transaction, asked: Asked, proposal: Proposal | null): Promise<Effect> => {
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
      undoes_turn: asked.undoes?.turn ?? null,
      undoes_call: asked.undoes?.call ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toEffect(row);
};
