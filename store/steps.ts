import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';
import type { Claim, Step } from './turns.ts';

export type Decision = Pick<Step, 'call' | 'toolCallId' | 'name' | 'arguments' | 'preamble'>;

type Decided = Pick<Step, 'call' | 'name'>;

/** Tool calls of a turn. Every method rejects with `StoreUnavailable`. */
export type Steps = ReturnType<typeof createSteps>;

export const createSteps = (db: Database) => ({
  /**
   * Writes what the model decided to call in a round, replacing what an attempt wrote whose decision the workflow never
   * recorded, and adds what the call cost to the turn, whatever becomes of its decision. A decision that is in the ledger stays,
   * also when the workflow forgot it (a reset): its calls come back in place of the new ones. `null`: the claim was lost, nothing
   * was written.
   */
  async decide(claim: Claim, round: number, decisions: readonly Decision[], tokens = 0): Promise<Decided[] | null> {
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
        if (!held) return null;
        if (tokens > 0)
          await tx
            .updateTable('turns')
            .set({ tokens: sql`tokens + ${tokens}` })
            .where('conversation_id', '=', conversationId)
            .where('turn', '=', turn)
            .execute();
        const standing = await tx
          .selectFrom('steps')
          .select(['call', 'name'])
          .where('conversation_id', '=', conversationId)
          .where('turn', '=', turn)
          .where('round', '=', round)
          .orderBy('call')
          .execute();
        const entered = await tx
          .selectFrom('effects')
          .select('call')
          .where('conversation_id', '=', conversationId)
          .where('turn', '=', turn)
          .where('call', 'in', [-1, ...standing.map(({ call }) => call)])
          .executeTakeFirst();
        if (entered) return standing;
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
        return decisions.map(({ call, name }) => ({ call, name }));
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

  /**
   * How often a tool was called before a call, whatever came of it; `sameId`: another call of its round has the same id of the
   * model's.
   */
  async before(conversationId: string, turn: number, { call, round, name, toolCallId }: Step) {
    const own = toolCallId.replace(/^\d+\.\d+\./, '');
    const { rows } = await reaching(
      sql<{ inTurn: number; inConversation: number; sameId: boolean }>`
        select count(*) filter (where name = ${name} and turn = ${turn})::integer as "inTurn",
               count(*) filter (where name = ${name})::integer as "inConversation",
               coalesce(bool_or(turn = ${turn} and round = ${round} and ${own} <> ''
                 and regexp_replace(tool_call_id, '^[0-9]+[.][0-9]+[.]', '') = ${own}), false) as "sameId"
        from steps where conversation_id = ${conversationId} and (turn, call) < (${turn}::integer, ${call}::integer)`.execute(
        db,
      ),
    );
    return rows[0] ?? { inTurn: 0, inConversation: 0, sameId: false };
  },

  /**
   * Records a call that is told of in a turn of its own, with its result: an action that was decided on. The turn need not be
   * claimed yet. Safe to run again.
   */
  async tell(
    { conversationId, term, turn }: Omit<Claim, 'generation' | 'attempt'>,
    told: Omit<Step, 'preamble' | 'round'>,
  ) {
    const { call, toolCallId, name, result, ok } = told;
    await reaching(
      sql`
        with opened as (
          insert into turns (conversation_id, turn, term, generation, attempt, message_ids)
          values (${conversationId}, ${turn}, ${term}, 'action', 0, '{}') on conflict do nothing
        )
        insert into steps (conversation_id, turn, call, round, tool_call_id, name, arguments, preamble, result, ok, ended_at)
        values (${conversationId}, ${turn}, ${call}, 0, ${toolCallId}, ${name}, ${told.arguments}, '', ${result}, ${ok}, now())
        on conflict do nothing`.execute(db),
    );
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
