import { sql } from 'kysely';
import type { PlaybookTool } from '../contracts/playbook.ts';
import type { Transaction } from './database.ts';
import { COUNTED, type EffectId } from './effect.ts';

type Bounded = EffectId & { subject: string; tool: string; amount: number | null; limits: PlaybookTool['limits'] };

export type Reached = 'per_turn' | 'per_conversation' | 'sum_per_conversation' | 'sum_per_day';

/**
 * One after the other for each customer until the transaction ends: two conversations at once, or a sum in small pieces, must
 * not each find room under the same limit. The number only keeps these locks apart from others.
 */
export const lockSubject = async (tx: Transaction, subject: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtextextended(${subject}, 763943))`.execute(tx);
};

/** The limit that this effect would go beyond, counting what was done, is being done or is still open; not itself. */
export const limitReached = async (tx: Transaction, asked: Bounded): Promise<Reached | null> => {
  const { conversationId, turn, call, subject, tool, limits } = asked;
  const amount = asked.amount ?? 0;
  const { rows } = await sql<{ inTurn: number; inConversation: number; sum: number; daySum: number }>`
    select count(*) filter (where conversation_id = ${conversationId} and turn = ${turn})::integer as "inTurn",
           count(*) filter (where conversation_id = ${conversationId})::integer as "inConversation",
           coalesce(sum(amount) filter (where state <> 'undone' and conversation_id = ${conversationId}), 0)::float8 as "sum",
           coalesce(sum(amount) filter (where state <> 'undone' and created_at > now() - interval '24 hours'), 0)::float8
             as "daySum"
    from effects
    where subject = ${subject} and tool = ${tool} and state = any(${[...COUNTED]}::text[])
      and (conversation_id, turn, call) <> (${conversationId}, ${turn}::integer, ${call}::integer)`.execute(tx);
  const [used] = rows;
  if (!used) throw new Error('an aggregate without a row');
  const { perTurn, perConversation, sum } = limits;
  if (perTurn !== undefined && used.inTurn >= perTurn) return 'per_turn';
  if (perConversation !== undefined && used.inConversation >= perConversation) return 'per_conversation';
  if (sum?.perConversation !== undefined && used.sum + amount > sum.perConversation) return 'sum_per_conversation';
  if (sum?.perDay !== undefined && used.daySum + amount > sum.perDay) return 'sum_per_day';
  return null;
};
