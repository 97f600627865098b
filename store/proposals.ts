import { sql } from 'kysely';
import type { Action } from '../contracts/actions.ts';
import type { PlaybookTool } from '../contracts/playbook.ts';
import { recordIn } from './audit.ts';
import type { Database } from './database.ts';
import { reaching } from './database.ts';
import { type Effect, type EffectId, OPEN, toEffect } from './effect.ts';
import { limitReached, lockSubject, type Reached } from './effect-limits.ts';
import { mark, select, trace, transact } from './effects.ts';

/** Other arguments for an action that waits for approval. */
export type Revision = {
  arguments: Record<string, unknown>;
  argumentsHash: string;
  amount: number | null;
  limits: PlaybookTool['limits'];
  card: Pick<Action, 'title' | 'arguments'>;
};

/**
 * What becomes of an effect between proposal and call. The workflow decides the order of decisions; here each is written
 * down, once, with who made it. Every method is safe to run again and rejects with `StoreUnavailable`.
 */
export type Proposals = ReturnType<typeof createProposals>;

export const createProposals = (db: Database) => ({
  /** The customer agreed; now it waits for people. One that is there already keeps its time. Resolves with until when. */
  async awaitApproval(id: EffectId, expiresAt: Date): Promise<Effect> {
    return transact(db, async (tx) => {
      if (await mark(tx, id, { state: 'awaiting_approval', expires_at: expiresAt }, ['proposed']))
        await recordIn(tx, {
          actor: 'customer',
          action: 'effect.confirmed',
          subject: id.conversationId,
          detail: { ...trace(id), reason: 'above the limit' },
        });
      return toEffect(await select(tx, id).executeTakeFirstOrThrow());
    });
  },

  /** One person agrees to exactly these arguments. Of the same person it counts once. */
  async approve(id: EffectId, argumentsHash: string, by: string, reason: string | null): Promise<void> {
    await transact(db, async (tx) => {
      const { conversationId, turn, call } = id;
      const inserted = await tx
        .insertInto('approvals')
        .values({ conversation_id: conversationId, turn, call, arguments_hash: argumentsHash, by, reason })
        .onConflict((conflict) => conflict.doNothing())
        .returning('by')
        .executeTakeFirst();
      if (!inserted) return;
      const detail = { ...trace(id), argumentsHash };
      await recordIn(tx, { actor: `person:${by}`, action: 'effect.approved', subject: conversationId, detail });
    });
  },

  /** Puts other arguments in place of the assistant's, unless a limit says no. What was approved before is void. */
  async revise(id: EffectId, by: string, revision: Revision): Promise<Reached | null> {
    return transact(db, async (tx) => {
      const effect = toEffect(await select(tx, id).executeTakeFirstOrThrow());
      await lockSubject(tx, effect.subject);
      const { amount, limits } = revision;
      const reached = await limitReached(tx, { ...effect, amount, limits });
      if (!reached)
        await mark(
          tx,
          id,
          {
            arguments: JSON.stringify(revision.arguments),
            arguments_hash: revision.argumentsHash,
            amount: amount === null ? null : String(amount),
            card: JSON.stringify(revision.card),
          },
          ['awaiting_approval'],
        );
      await recordIn(tx, {
        actor: `person:${by}`,
        action: reached ? 'effect.refused' : 'effect.revised',
        subject: id.conversationId,
        detail: { ...trace(id), argumentsHash: revision.argumentsHash, ...(reached && { reason: reached }) },
      });
      return reached;
    });
  },

  /**
   * Nobody's yes will come any more. One that went on meanwhile stays as it is. The reason of whoever denies is kept with the
   * effect, for the customer.
   */
  async close(id: EffectId, state: 'cancelled' | 'denied' | 'expired', by: string, reason: string): Promise<Effect> {
    return transact(db, async (tx) => {
      if (await mark(tx, id, { state, result: state === 'denied' ? reason : null }, OPEN))
        await recordIn(tx, {
          actor: by,
          action: `effect.${state}`,
          subject: id.conversationId,
          detail: { ...trace(id), ...(reason && state !== 'denied' && { reason }) },
        });
      return toEffect(await select(tx, id).executeTakeFirstOrThrow());
    });
  },

  /** The conversation ends, and with it what its customer has not decided. */
  async expire(conversationId: string): Promise<void> {
    await reaching(
      db
        .updateTable('effects')
        .set({ state: 'expired', updated_at: sql<Date>`now()` })
        .where('conversation_id', '=', conversationId)
        .where('state', '=', 'proposed')
        .execute(),
    );
  },
});
