import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';
import type { Claim, Step } from './turns.ts';

export type Decision = Pick<Step, 'call' | 'toolCallId' | 'name' | 'arguments' | 'preamble'>;

/** Tool calls of a turn. Every method rejects with `StoreUnavailable`. */
export type Steps = ReturnType<typeof createSteps>;

export const createSteps = (db: Database) => ({
  /**
   * Writes what the model decided to call in a round, replacing what an attempt wrote whose decision the workflow never
   * recorded. `false`: the claim was lost, nothing was written.
   */
  async decide(claim: Claim, round: number, decisions: readonly Decision[]): Promise<boolean> {
    const { conversationId, turn, generation, attempt } = claim;
    return reaching(
      db.transaction().execute(async (tx) => {
        const held = await tx
          .selectFrom('turns')
          .select('turn')
          .where('conversation_id', '=', conversationId)
          .where('turn', '=', turn)
          .where('generation', '=', generation)
          .where('attempt', '=', attempt)
          .where('ended', 'is', null)
          .forUpdate()
          .executeTakeFirst();
        if (!held) return false;
        await tx
          .deleteFrom('steps')
          .where('conversation_id', '=', conversationId)
          .where('turn', '=', turn)
          .where('round', '>=', round)
          .execute();
        await tx
          .insertInto('steps')
          .values(
            decisions.map(({ toolCallId, ...decision }) => ({
              ...decision,
              conversation_id: conversationId,
              turn,
              round,
              tool_call_id: toolCallId,
            })),
          )
          .execute();
        return true;
      }),
    );
  },

  /** One decided call, or `null` when there is none. */
  async get(conversationId: string, turn: number, call: number): Promise<Step | null> {
    const row = await reaching(
      db
        .selectFrom('steps')
        .select(['call', 'round', 'tool_call_id as toolCallId', 'name', 'arguments', 'preamble', 'result', 'ok'])
        .where('conversation_id', '=', conversationId)
        .where('turn', '=', turn)
        .where('call', '=', call)
        .executeTakeFirst(),
    );
    return row ?? null;
  },

  /** Writes a call's result. The first one stays: what a later attempt read may differ, what the model saw may not. */
  async settle(conversationId: string, turn: number, call: number, result: { text: string; ok: boolean }) {
    await reaching(
      db
        .updateTable('steps')
        .set({ result: result.text, ok: result.ok, ended_at: sql`now()` })
        .where('conversation_id', '=', conversationId)
        .where('turn', '=', turn)
        .where('call', '=', call)
        .where('result', 'is', null)
        .execute(),
    );
  },
});
