import { sql } from 'kysely';
import type { Message } from '../contracts/events.ts';
import type { HandoffContext } from '../contracts/handoff-context.ts';
import { type Database, reaching } from './database.ts';
import { type MessageRow, toMessage } from './transcripts.ts';

export type NewHandoff = {
  conversationId: string;
  term: number;
  desk: string;
  reason: string;
  language: string | null;
  /** The verified customer; a visitor has no record and no earlier conversations that anybody may see. */
  customer: string | null;
};

/** Everything an agent sees on accepting. */
export type HandoffView = { desk: string; term: number; context: HandoffContext; messages: Message[] };

/** How many tool calls and earlier conversations an agent is given, the newest. */
const CALLS = 40;
const EARLIER = 10;

/** Every method rejects with `StoreUnavailable`. */
export type Handoffs = ReturnType<typeof createHandoffs>;

export const createHandoffs = (db: Database) => ({
  /** Gathers what an agent must know, in one statement and before anybody is offered it. Safe to run again. */
  async prepare({ conversationId, term, desk, reason, language, customer }: NewHandoff): Promise<void> {
    const owner = customer === null ? null : `customer:${customer}`;
    await reaching(
      sql`
        insert into handoffs (conversation_id, term, desk, reason, context)
        select ${conversationId}, ${term}, ${desk}, ${reason}, jsonb_build_object(
          'reason', ${reason}::text,
          'language', ${language}::text,
          'tried', (select coalesce(jsonb_agg(jsonb_build_object('turn', m.turn, 'end', m.ended,
                      'sources', coalesce(m.sources, '[]')) order by m.turn), '[]')
                    from messages m where m.conversation_id = ${conversationId} and m.author = 'assistant'),
          'toolCalls', (select coalesce(jsonb_agg(to_jsonb(s) order by s.turn, s.call), '[]') from (
                      select turn, call, name, arguments, result, ok from steps
                      where conversation_id = ${conversationId} order by turn desc, call desc limit ${CALLS}) s),
          'customer', (select jsonb_build_object('id', id, 'name', name, 'email', email, 'language', language,
                      'tier', tier, 'facts', facts) from customers where id = ${customer}),
          'earlierConversations', (select coalesce(jsonb_agg(to_jsonb(e) order by e.at desc), '[]') from (
                      select c.id, c.status, c.created_at as at,
                             (select left(m.text, 200) from messages m
                              where m.conversation_id = c.id and m.author = 'customer'
                              order by m.turn, m.ordinal limit 1) as "firstMessage"
                      from conversations c where c.owner = ${owner} and c.id <> ${conversationId}
                      order by c.updated_at desc limit ${EARLIER}) e))
        on conflict do nothing`.execute(db),
    );
  },

  /** The newest handoff of a conversation with its whole transcript; `null` where it was never handed over. */
  async view(conversationId: string): Promise<HandoffView | null> {
    const { rows } = await reaching(
      sql<{ desk: string; term: number; context: HandoffContext; messages: MessageRow[] }>`
        select h.desk, h.term, h.context,
               (select coalesce(json_agg(json_build_object('id', id, 'author', author, 'by', by, 'turn', turn,
                         'text', text, 'at', at, 'ended', ended, 'sources', sources) order by turn, ordinal), '[]')
                from messages where conversation_id = ${conversationId}) as messages
        from handoffs h where h.conversation_id = ${conversationId} order by h.term desc limit 1`.execute(db),
    );
    const [row] = rows;
    return row ? { ...row, messages: row.messages.map(toMessage) } : null;
  },
});
