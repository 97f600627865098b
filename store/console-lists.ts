import { type RawBuilder, sql } from 'kysely';
import type { ConversationEntry, ConversationsView } from '../contracts/console.ts';
import { type Reader, visibleTo } from './console-access.ts';
import { type Database, reaching } from './database.ts';

/** As many lines as a list has. */
const LISTED = 200;
/** Of what an agent had lately. */
const RECENT = 50;

/**
 * One conversation `c` as a line of a list, as JSON with the keys of `conversationEntry`. `intent` is the title where it was
 * handed over, `intentName` what was understood last.
 */
export const entryOf = (): RawBuilder<EntryRow> => sql<EntryRow>`
  json_build_object(
    'id', c.id,
    'customer', (select coalesce(h.context #>> '{customer,name}', k.name, k.id)
                 from (select split_part(c.owner, ':', 1) as kind, substr(c.owner, 10) as id) o
                 left join customers k on k.id = o.id where o.kind = 'customer'),
    'channel', c.channel,
    'status', c.status,
    'owner', c.held_by,
    'term', c.term,
    'agent', (select json_build_object('id', a.id, 'name', a.name) from agents a where a.id = c.agent),
    'desk', c.desk,
    'reason', h.reason,
    'language', coalesce(h.context ->> 'language', u.understanding ->> 'language'),
    'intent', h.context #>> '{intent,title}',
    'intentName', case when u.understanding ->> 'wantsPerson' = 'true' then null
                       else u.understanding #>> '{intent,intent}' end,
    'since', case when c.held_by = 'assistant' then null else (
               select r.at from records r where r.conversation_id = c.id and r.type = 'owner.changed'
               order by r.id desc limit 1) end,
    'dueAt', (select min(s ->> 'dueAt') from jsonb_array_elements(c.sla) s),
    'last', (select json_build_object('author', m.author, 'text', left(m.text, 200), 'at', m.at) from messages m
             where m.conversation_id = c.id order by m.turn desc, m.ordinal desc limit 1),
    'awaitsApproval', exists (select from effects e where e.conversation_id = c.id and e.state = 'awaiting_approval'
                              and e.expires_at > now()),
    'updatedAt', c.updated_at)`;

/** What `entryOf` reads besides the conversation `c`. */
export const besides = sql`
  left join lateral (select reason, context, desk, term, created_at from handoffs
    where conversation_id = c.id order by term desc limit 1) h on true
  left join lateral (select understanding from turns
    where conversation_id = c.id and understanding is not null order by turn desc limit 1) u on true`;

export type EntryRow = ConversationEntry & { intentName: string | null };

/** Times come out of JSON as Postgres writes them. Only well-formed UTF-16 may leave: `left` counts characters. */
export const toEntry = (
  { intentName, since, dueAt, last, updatedAt, ...row }: EntryRow,
  titleOf: (intent: string) => string | null,
): ConversationEntry => ({
  ...row,
  intent: row.intent ?? (intentName === null ? null : titleOf(intentName)),
  since: since && iso(since),
  dueAt: dueAt && iso(dueAt),
  last: last && { ...last, text: last.text.slice(0, 200).toWellFormed(), at: iso(last.at) },
  updatedAt: iso(updatedAt),
});

export const iso = (time: string | number): string => new Date(time).toISOString();

/** What the lists of the console show. Every method rejects with `StoreUnavailable`. */
export type ConsoleLists = ReturnType<typeof createConsoleLists>;

export const createConsoleLists = (db: Database) => ({
  /** One list, the most urgent first, or the newest where nothing is urgent. Only what `reader` may see is in any of them. */
  async list(reader: Reader, view: ConversationsView): Promise<EntryRow[]> {
    const { where, order, limit } = listOf(view, reader);
    const { rows } = await reaching(
      sql<{ entry: EntryRow }>`
        select ${entryOf()} as entry from (
          select c.* from conversations c where ${visibleTo(reader)} and (${where}) order by ${order} limit ${limit}
        ) c ${besides} order by ${order}`.execute(db),
    );
    return rows.map(({ entry }) => entry);
  },
});

type List = { where: RawBuilder<boolean>; order: RawBuilder<unknown>; limit: number };

const listOf = (view: ConversationsView, { id, desks }: Reader): List => {
  const newest = sql`c.updated_at desc, c.id`;
  switch (view) {
    case 'mine':
      return { where: sql`c.agent = ${id} and c.held_by = 'agent'`, order: newest, limit: LISTED };
    case 'waiting':
      return {
        where: sql`c.held_by = 'waiting' and c.desk = any(${desks}::text[])`,
        order: sql`c.updated_at, c.id`,
        limit: LISTED,
      };
    case 'approvals':
      return {
        where: sql`c.id in (select e.conversation_id from effects e
          where e.state = 'awaiting_approval' and e.expires_at > now())`,
        order: sql`c.updated_at, c.id`,
        limit: LISTED,
      };
    case 'recent':
      return {
        where: sql`c.agent is distinct from ${id} and c.id in (select r.conversation_id from records r
          where r.type = 'owner.changed' and r.detail ->> 'agent' = ${id} order by r.id desc limit ${LISTED})`,
        order: newest,
        limit: RECENT,
      };
    case 'all':
      return { where: sql`c.status = 'open'`, order: newest, limit: LISTED };
  }
};
