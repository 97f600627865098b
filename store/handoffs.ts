import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

export type NewHandoff = {
  conversationId: string;
  term: number;
  desk: string;
  reason: string;
  language: string | null;
  /** The verified customer; a visitor has no record and no earlier conversations that anybody may see. */
  customer: string | null;
  /** What the customer wants, as the playbook names it. */
  intent: { name: string; title: string } | null;
};

/** How many tool calls and earlier conversations an agent is given, the newest. */
const CALLS = 40;
const EARLIER = 10;

/** Facts that an agent is given, the newest. */
const FACTS = 30;

/** Every method rejects with `StoreUnavailable`. */
export type Handoffs = ReturnType<typeof createHandoffs>;

export const createHandoffs = (db: Database) => ({
  /** Gathers what an agent must know, in one statement and before anybody is offered it. Safe to run again. */
  async prepare(handoff: NewHandoff): Promise<void> {
    const { conversationId, term, desk, reason, language, customer, intent } = handoff;
    const owner = customer === null ? null : `customer:${customer}`;
    await reaching(
      sql`
        with understood as (
          select understanding as u from turns
          where conversation_id = ${conversationId} and understanding is not null order by turn desc limit 1
        )
        insert into handoffs (conversation_id, term, desk, reason, context)
        select ${conversationId}, ${term}, ${desk}, ${reason}, jsonb_build_object(
          'reason', ${reason}::text,
          'language', coalesce(${language}::text, (select u ->> 'language' from understood)),
          'intent', ${intent && JSON.stringify({ name: intent.name, title: intent.title })}::jsonb,
          'sentiment', (select u -> 'sentiment' from understood),
          'urgent', coalesce((select (u ->> 'urgent')::boolean from understood), false),
          'facts', (select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'value', f.value) order by f.turn), '[]') from (
                      select min(turn) as turn, name, value from (
                        select turn, name, value from facts where conversation_id = ${conversationId}
                        union all
                        select t.turn, replace(e ->> 'name', '_', ' '), e ->> 'value' from turns t, jsonb_array_elements(t.understanding -> 'entities') e
                        where t.conversation_id = ${conversationId}) known
                      group by name, value order by turn desc limit ${FACTS}) f),
          'tickets', (select coalesce(jsonb_agg(jsonb_build_object('system', t.system, 'id', t.ticket_id, 'status', t.status,
                        'at', t.opened_at) order by t.opened_at desc), '[]')
                      from conversation_tickets t join conversations c on c.id = t.conversation_id
                      where t.status <> 'solved' and (c.id = ${conversationId} or c.owner = ${owner})),
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
});
