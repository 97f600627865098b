import { sql, type UpdateObject } from 'kysely';
import { actionIdOf } from '../contracts/action-ids.ts';
import type { EffectState } from '../contracts/actions.ts';
import { recordIn } from './audit.ts';
import { type Database, reaching, type Transaction } from './database.ts';
import { ABANDONED_MS, type Effect, type EffectId, OPEN, toEffect } from './effect.ts';
import { type Asked, enter, isOvertaken, type Proposal, type Refusal, refusal } from './effect-entry.ts';
import { lockSubject } from './effect-limits.ts';
import type { Schema } from './schema.ts';

export type Begun = { kind: 'standing'; effect: Effect } | { kind: 'refused'; reason: Refusal };

export type Attempt =
  /** Ours to call. `again`: it was called before, and nobody knows what came of it. */
  | { kind: 'go'; effect: Effect; again: boolean }
  /** It has its end, or never had everybody's yes. */
  | { kind: 'closed'; effect: Effect }
  | { kind: 'refused'; effect: Effect; reason: 'overtaken' | 'not_approved' };

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
      const attemptedAt = new Date();
      await mark(tx, id, {
        state: 'intended',
        attempted_at: attemptedAt,
        look_at: new Date(Date.now() + ABANDONED_MS),
      });
      return { kind: 'go', effect: { ...effect, state: 'intended', attemptedAt }, again: false };
    });
  },

  /**
   * The call did not reach the provider: the next one is the first. Says nothing where somebody else has called since, as when
   * this is a worker that was frozen and woke up.
   */
  async notSent(effect: Effect): Promise<void> {
    await reaching(
      db
        .updateTable('effects')
        .set({ attempted_at: null, updated_at: sql<Date>`now()` })
        .where('key', '=', effect.key)
        .where('state', '=', 'intended')
        .where('attempted_at', '=', effect.attemptedAt)
        .execute(),
    );
  },

  /** It is called once more, since nothing is known of it where it should have been done. */
  async attemptedAgain(effect: Effect): Promise<Effect> {
    const attemptedAt = new Date();
    await reaching(mark(db, effect, { attempted_at: attemptedAt }, ['intended']));
    return { ...effect, attemptedAt };
  },

  /**
   * Writes down how it ended. The first end stays, except that a provider's own answer is better than `unknown`, and is to be
   * told. Taking something back marks what was taken back.
   */
  async finish(id: EffectId, end: { state: 'done' | 'failed' | 'unknown'; result: string; undoWithin?: number }) {
    return transact(db, async (tx): Promise<Effect> => {
      const row = await select(tx, id).forUpdate().executeTakeFirstOrThrow();
      if (row.state !== 'intended' && !(row.state === 'unknown' && end.state !== 'unknown')) return toEffect(row);
      const { state, result, undoWithin } = end;
      const until = state === 'done' && undoWithin !== undefined ? new Date(Date.now() + undoWithin) : null;
      await mark(tx, id, { state, result, undo_until: until, ...nextLook(row.state, state) });
      const { undoes } = toEffect(row);
      if (state === 'done' && undoes)
        await mark(tx, { conversationId: id.conversationId, ...undoes }, { state: 'undone', undo_until: null });
      const detail = { ...trace(id), tool: row.tool, ...(undoes && { undoes: actionIdOf(undoes) }) };
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

/** The first look at what is unknown comes after its customer was told so. */
const FIRST_LOOK = sql<Date>`now() + interval '5 seconds'`;

const nextLook = (before: EffectState, now: EffectState): UpdateObject<Schema, 'effects'> => {
  if (now === 'unknown') return { look_at: FIRST_LOOK, looks: 0 };
  return { look_at: before === 'unknown' ? sql<Date>`now()` : null };
};

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
