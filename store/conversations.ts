import { sql } from 'kysely';
import type { ConversationStart, Ending } from '../contracts/conversation.ts';
import { verifiedCustomer } from '../contracts/ids.ts';
import { type Database, reaching } from './database.ts';

/**
 * What a run of the workflow must know of what is in Postgres already. `turn` is the last one that was begun, `said` the latest
 * customer messages with the turn each is in, oldest first.
 */
export type Opened = { term: number; turn: number; said: { id: string; text: string; turn: number }[] };

/** How far back a new run of a conversation recognises a message that is sent again. */
const REMEMBERED = 500;

export type Conversations = ReturnType<typeof createConversations>;

export const createConversations = (db: Database) => ({
  /**
   * Opens a conversation, or opens it again: a new run goes on counting terms and turns where the last one stopped.
   * Safe to run again.
   */
  async open(start: ConversationStart, playbookVersion: string): Promise<Opened> {
    const { conversationId, owner, channel } = start;
    const customer = verifiedCustomer(owner);
    const { rows } = await reaching(
      sql<Opened>`
        with before as (
          select status from conversations where id = ${conversationId}
        ), customer as (
          insert into customers (id) select ${customer} where ${customer}::text is not null
          on conflict (id) do nothing
        ), conversation as (
          insert into conversations (id, owner, channel, playbook_version)
          values (${conversationId}, ${owner}, ${channel}, ${playbookVersion})
          on conflict (id) do update set status = 'open', held_by = 'assistant', agent = null,
            outcome = null, outcome_reason = null, playbook_version = excluded.playbook_version, updated_at = now()
          returning term
        ), record as (
          insert into records (conversation_id, type, detail)
          select ${conversationId}, 'conversation.opened',
                 jsonb_build_object('channel', ${channel}::text, 'playbook', ${playbookVersion}::text, 'again', before.status is not null)
          from conversation left join before on true where before.status is distinct from 'open'
        )
        select term,
               (select coalesce(max(turn), 0) from turns where conversation_id = ${conversationId}) as turn,
               (select coalesce(jsonb_agg(latest order by turn, ordinal), '[]') from (
                  select id, text, turn, ordinal from messages
                  where conversation_id = ${conversationId} and author = 'customer'
                  order by turn desc, ordinal desc limit ${REMEMBERED}) latest) as said
        from conversation`.execute(db),
    );
    const [opened] = rows;
    if (!opened) throw new Error(`conversation ${conversationId} was neither inserted nor updated`);
    return {
      term: opened.term,
      turn: opened.turn,
      said: opened.said.map(({ id, text, turn }) => ({ id, text, turn })),
    };
  },

  /** Whose it is, and where they write; `null` when there is no such conversation. */
  async get(conversationId: string): Promise<{ owner: string; channel: string } | null> {
    const row = await reaching(
      db.selectFrom('conversations').select(['owner', 'channel']).where('id', '=', conversationId).executeTakeFirst(),
    );
    return row ?? null;
  },

  /**
   * Marks a conversation that has ended, and how; the next message opens it again. Safe to run again.
   *
   * @returns whether its customer is asked how it was: once, and not where nothing came of it
   */
  async resolve(conversationId: string, { outcome, reason }: Ending): Promise<{ rate: boolean }> {
    const { rows } = await reaching(
      sql<{ rate: boolean }>`
        with resolved as (
          update conversations set status = 'resolved', outcome = ${outcome}, outcome_reason = ${reason}, updated_at = now()
          where id = ${conversationId} and status = 'open' returning id
        ), recorded as (
          insert into records (conversation_id, type, detail)
          select id, 'conversation.resolved', jsonb_build_object('outcome', ${outcome}::text, 'reason', ${reason}::text,
                   'rate', ${outcome !== 'abandoned'} and not exists (select from ratings r where r.conversation_id = resolved.id))
          from resolved returning detail
        )
        select (coalesce((select detail from recorded), (
                  select detail from records where conversation_id = ${conversationId} and type = 'conversation.resolved'
                  order by id desc limit 1)) ->> 'rate')::boolean as rate`.execute(db),
    );
    return { rate: rows[0]?.rate === true };
  },
});
