import { sql } from 'kysely';
import { recordIn } from './audit.ts';
import { type Database, reaching } from './database.ts';
import { type Effect, type EffectId, toEffect } from './effect.ts';
import { mark, trace, transact } from './effects.ts';

/** Between two looks at the same effect: longer than a call of its provider may take (30 s), doubled each time. */
const FIRST_PAUSE = sql`interval '40 seconds'`;
const LONGEST_PAUSE = sql`interval '10 minutes'`;

/** Effects of which it is not known what became of them, or not yet told. Every method rejects with `StoreUnavailable`. */
export type Settlings = ReturnType<typeof createSettlings>;

export const createSettlings = (db: Database) => ({
  /** One that is due, or `null`. It is due again after a while, longer each time: whoever takes it may die. */
  async take(): Promise<Effect | null> {
    const rows = await reaching(
      db
        .updateTable('effects')
        .set({
          looks: sql`looks + 1`,
          look_at: sql<Date>`now() + least(${LONGEST_PAUSE}, ${FIRST_PAUSE} * 2 ^ least(looks, 10))`,
        })
        .where('key', '=', ({ selectFrom }) =>
          selectFrom('effects')
            .select('key')
            .where('look_at', '<=', sql<Date>`now()`)
            .orderBy('look_at')
            .limit(1)
            .forUpdate()
            .skipLocked(),
        )
        .returningAll()
        .execute(),
    );
    const [row] = rows;
    return row ? toEffect(row) : null;
  },

  /** Nothing is left to be done about it: its conversation was told, or there is nothing to tell. */
  async close(id: EffectId): Promise<void> {
    await reaching(mark(db, id, { look_at: null }));
  },

  /** People have it now; nobody looks at it again. Once, however often it is said. */
  async escalated(id: EffectId, ticketId: string): Promise<void> {
    await transact(db, async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('effects')
        .set({ look_at: null })
        .where('conversation_id', '=', id.conversationId)
        .where('turn', '=', id.turn)
        .where('call', '=', id.call)
        .where('state', '=', 'unknown')
        .where('look_at', 'is not', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return;
      const detail = { ...trace(id), ticket: ticketId };
      await recordIn(tx, { actor: 'clock', action: 'effect.escalated', subject: id.conversationId, detail });
    });
  },

  /** Makes `turn` the one in which the customer hears of its end. `false`: another turn was that. */
  async tellIn({ conversationId, turn: asked, call }: EffectId, turn: number): Promise<boolean> {
    const { numUpdatedRows } = await reaching(
      db
        .updateTable('effects')
        .set({ told_turn: turn })
        .where('conversation_id', '=', conversationId)
        .where('turn', '=', asked)
        .where('call', '=', call)
        .where(({ eb, or }) => or([eb('told_turn', 'is', null), eb('told_turn', '=', turn)]))
        .executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  },
});
