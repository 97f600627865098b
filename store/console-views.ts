import { type Selectable, sql } from 'kysely';
import type { Action } from '../contracts/actions.ts';
import type { Approval, ConversationView, Note, SlaClockView } from '../contracts/console.ts';
import type { HandoffContext } from '../contracts/handoff-context.ts';
import { toAction } from './actions.ts';
import { type Reader, visibleTo } from './console-access.ts';
import { besides, type EntryRow, entryOf, iso } from './console-lists.ts';
import { type Database, reaching } from './database.ts';
import type { Schema } from './schema.ts';
import { type MessageRow, toMessage } from './transcripts.ts';

/** As many actions as a client is shown of one conversation. */
const ACTIONS = 50;

type EffectRow = Selectable<Schema['effects']> & { approved_by: string[]; raw: string };

type Row = {
  entry: EntryRow;
  handoff: { desk: string; term: number; at: string; context: Partial<HandoffContext> } | null;
  messages: MessageRow[];
  effects: EffectRow[];
  notes: Note[];
  tickets: ConversationView['tickets'];
  sla: SlaClockView[] | null;
  outcome: string | null;
  outcome_reason: string | null;
};

/** A conversation as Postgres knows it, for the people of the company. `entry` is still a row of a list. */
export type StoredView = Omit<ConversationView, 'entry' | 'position' | 'rating'> & { entry: EntryRow };

/** Handed over by an older version, which gathered less. */
const NOT_GATHERED = { language: null, summary: null, intent: null, sentiment: null, urgent: false, facts: [] };
const NOTHING_TRIED = { tried: [], toolCalls: [], customer: null, earlierConversations: [], tickets: [] };

/** Every method rejects with `StoreUnavailable`. */
export type ConsoleViews = ReturnType<typeof createConsoleViews>;

export const createConsoleViews = (db: Database) => ({
  /** Everything about a conversation in one statement; `null` for what this person may not see, or does not exist. */
  async view(reader: Reader, conversationId: string): Promise<StoredView | null> {
    const { rows } = await reaching(
      sql<Row>`
        select ${entryOf()} as entry,
          case when h.term is not null then
            json_build_object('desk', h.desk, 'term', h.term, 'at', h.created_at, 'context', h.context) end as handoff,
          (select coalesce(json_agg(json_build_object('id', id, 'author', author, 'by', by, 'turn', turn, 'text', text,
             'at', at, 'ended', ended, 'sources', sources) order by turn, ordinal), '[]')
           from messages where conversation_id = c.id) as messages,
          (select coalesce(json_agg(to_jsonb(e) || jsonb_build_object('raw', e.arguments::text, 'approved_by', array(
             select by from approvals a where a.conversation_id = e.conversation_id and a.turn = e.turn
             and a.call = e.call and a.arguments_hash = e.arguments_hash order by at)) order by e.turn, e.call), '[]')
           from (select * from effects where conversation_id = c.id and card is not null
                 order by turn desc, call desc limit ${ACTIONS}) e) as effects,
          (select coalesce(json_agg(json_build_object('id', n.id, 'text', n.text, 'at', n.at,
             'by', json_build_object('id', n.agent, 'name', coalesce(a.name, n.agent))) order by n.at, n.id), '[]')
           from notes n left join agents a on a.id = n.agent where n.conversation_id = c.id) as notes,
          (select coalesce(json_agg(json_build_object('system', system, 'id', ticket_id, 'status', status, 'url', null)
             order by opened_at), '[]') from conversation_tickets where conversation_id = c.id) as tickets,
          nullif(to_jsonb(c) -> 'sla', 'null') as sla,
          to_jsonb(c) ->> 'outcome' as outcome,
          to_jsonb(c) ->> 'outcome_reason' as outcome_reason
        from conversations c ${besides} where c.id = ${conversationId} and ${visibleTo(reader)}`.execute(db),
    );
    const [row] = rows;
    return row ? toView(row) : null;
  },
});

const toView = ({
  entry,
  handoff,
  messages,
  effects,
  notes,
  tickets,
  sla,
  outcome,
  outcome_reason,
}: Row): StoredView => {
  const actions = effects.map(readBack);
  return {
    entry,
    handoff: handoff && {
      ...handoff,
      at: iso(handoff.at),
      context: { reason: entry.reason ?? '', ...NOT_GATHERED, ...NOTHING_TRIED, ...handoff.context },
    },
    messages: messages.map(toMessage),
    actions: actions.map(({ action }) => action),
    approvals: actions.flatMap(({ action, row }) => (row.approvers > 0 ? [toApproval(action, row)] : [])),
    notes: notes.map((note) => ({ ...note, at: iso(note.at) })),
    sla: (sla ?? []).map((clock) => ({ ...clock, dueAt: clock.dueAt && iso(clock.dueAt) })),
    tickets,
    outcome: outcome === null ? null : { outcome, reason: outcome_reason ?? '' },
  };
};

/** A row that came through JSON: its time is a string again. */
const readBack = (row: EffectRow): { action: Action; row: EffectRow } => ({
  action: toAction({ ...row, expires_at: row.expires_at && new Date(row.expires_at) }),
  row,
});

const toApproval = (action: Action, { raw, approvers, approved_by }: EffectRow): Approval => ({
  ...action,
  rawArguments: raw,
  approvers,
  approvedBy: approved_by,
});
