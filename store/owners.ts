import { sql } from 'kysely';
import type { Message, Owner, QueuePlace } from '../contracts/events.ts';
import type { SlaEvent, SlaStanding } from '../contracts/sla.ts';
import { type Database, reaching } from './database.ts';

/** `term` is the one that begins. */
export type OwnerRow = {
  conversationId: string;
  term: number;
  heldBy: Owner;
  agent: string | null;
  desk: string | null;
};

/** Whose a conversation is, as the workflow decided it. Every method rejects with `StoreUnavailable`. */
export type Owners = ReturnType<typeof createOwners>;

export const createOwners = (db: Database) => ({
  /**
   * Writes a change of owner; from here on nothing of an earlier term is recorded. Safe to run again, and nothing happens where
   * a later one is written already.
   */
  async change({ conversationId, term, heldBy, agent, desk }: OwnerRow): Promise<void> {
    await reaching(
      sql`
        with changed as (
          update conversations
          set term = ${term}, held_by = ${heldBy}, agent = ${agent}, desk = coalesce(${desk}, desk), updated_at = now()
          where id = ${conversationId} and term < ${term} returning id
        )
        insert into records (conversation_id, type, detail)
        select id, 'owner.changed', jsonb_build_object('term', ${term}::integer, 'owner', ${heldBy}::text,
                 'agent', ${agent}::text, 'desk', ${desk}::text) from changed`.execute(db),
    );
  },

  /** A fence that was raised for a conversation which has ended meanwhile: its next run must not begin below it. */
  async raise(conversationId: string, term: number): Promise<void> {
    await reaching(
      sql`update conversations set term = ${term} where id = ${conversationId} and term < ${term}`.execute(db),
    );
  },

  /** Whose it is now; `null` for a conversation that does not exist. */
  async of(conversationId: string): Promise<Omit<OwnerRow, 'conversationId'> | null> {
    const row = await reaching(
      db
        .selectFrom('conversations')
        .select(['term', 'held_by as heldBy', 'agent', 'desk'])
        .where('id', '=', conversationId)
        .executeTakeFirst(),
    );
    return row ?? null;
  },

  /** How its SLA clocks stand now, for lists and views. */
  async stand(conversationId: string, standing: readonly SlaStanding[]): Promise<void> {
    const iso = (at: number | null) => at && new Date(at).toISOString();
    const sla = JSON.stringify(standing.map(({ dueAt, ...clock }) => ({ ...clock, dueAt: iso(dueAt) })));
    await reaching(sql`update conversations set sla = ${sla}::jsonb where id = ${conversationId}`.execute(db));
  },

  /** Keeps what a customer is told of their place in the line, for pages that are loaded again. */
  async place(conversationId: string, term: number, { position, expectedMs }: QueuePlace): Promise<void> {
    await reaching(
      sql`
        insert into queue_places (conversation_id, term, position, expected_ms)
        select id, ${term}, ${position}, ${expectedMs} from conversations where id = ${conversationId}
        on conflict (conversation_id) do update
        set term = excluded.term, position = excluded.position, expected_ms = excluded.expected_ms
        where queue_places.term <= excluded.term`.execute(db),
    );
  },

  /** Records what the SLA clocks of a term have reached, each once. */
  async reached(conversationId: string, term: number, reached: readonly SlaEvent[]): Promise<void> {
    await reaching(
      sql`
        insert into records (conversation_id, type, detail)
        select ${conversationId}, 'sla.reached', jsonb_build_object('term', ${term}::integer, 'clock', e.clock, 'kind', e.kind)
        from jsonb_to_recordset(${JSON.stringify(reached)}::jsonb) as e(clock text, kind text)
        where not exists (
          select from records r where r.conversation_id = ${conversationId} and r.type = 'sla.reached'
          and r.detail @> jsonb_build_object('term', ${term}::integer, 'clock', e.clock, 'kind', e.kind))`.execute(db),
    );
  },

  /**
   * Records a turn without a reply: what people said to each other, in this order. Safe to run again; a message that is
   * recorded stays where it is.
   */
  async relay(conversationId: string, fence: { term: number; turn: number }, messages: readonly Message[]) {
    const said = JSON.stringify(messages.map((message, ordinal) => ({ ...message, ordinal })));
    await reaching(
      sql`
        with relayed as (
          insert into turns (conversation_id, turn, term, generation, attempt, message_ids, ended, ended_at)
          values (${conversationId}, ${fence.turn}, ${fence.term}, 'relayed', 1, ${messages.map(({ id }) => id)}::text[],
                  'final', now())
          on conflict (conversation_id, turn) do update set message_ids = excluded.message_ids
          returning turn
        )
        insert into messages (conversation_id, id, turn, ordinal, author, by, text, at)
        select ${conversationId}, m.id, m.turn, m.ordinal, m.author, m.by, m.text, m.at
        from relayed, jsonb_to_recordset(${said}::jsonb)
          as m(id text, turn integer, ordinal integer, author text, by text, text text, at timestamptz)
        on conflict do nothing`.execute(db),
    );
  },
});
