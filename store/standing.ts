import { sql } from 'kysely';
import type { Owner, OwnerChange, QueuePlace } from '../contracts/events.ts';
import { type Database, reaching } from './database.ts';

/** How a conversation stands beside what was said in it. */
export type Standing = {
  owner: Owner;
  term: number;
  /** The name of the agent who has it. */
  by?: string;
  /** Every change of owner, oldest first, the newest `OWNERS`. */
  owners: OwnerChange[];
  queue?: QueuePlace;
  /** It has ended, and nothing was said since. `rate`: the customer is asked, and has not answered. */
  resolved?: { rate: boolean };
  rated?: number;
};

/** A conversation changes hands a few times; one that went to and fro all day is shown its latest. */
const OWNERS = 50;

type Row = {
  owner: Owner;
  term: number;
  by: string | null;
  owners: (Omit<OwnerChange, 'by'> & { by: string | null })[];
  queue: QueuePlace | null;
  isResolved: boolean;
  asks: boolean | null;
  rated: number | null;
};

/** Rejects with `StoreUnavailable`. `null`: there is no such conversation. */
export const createStandings = (db: Database) => ({
  async standing(conversationId: string): Promise<Standing | null> {
    const { rows } = await reaching(
      sql<Row>`
        select c.held_by as owner, c.term, a.name as by, c.status = 'resolved' as "isResolved", r.score as rated,
               case when c.held_by = 'waiting' and p.term = c.term
                 then jsonb_build_object('position', p.position, 'expectedMs', p.expected_ms) end as queue,
               (select detail @> '{"rate": true}' from records
                where conversation_id = c.id and type = 'conversation.resolved' order by id desc limit 1) as asks,
               (select coalesce(jsonb_agg(jsonb_build_object('owner', o.owner, 'term', o.term, 'by', o.by, 'at', o.at)
                                          order by o.id), '[]')
                from (select o.id, o.at, o.detail->>'owner' as owner, (o.detail->>'term')::integer as term, n.name as by
                      from records o left join agents n on n.id = o.detail->>'agent'
                      where o.conversation_id = c.id and o.type = 'owner.changed'
                      order by o.id desc limit ${OWNERS}) o) as owners
        from conversations c
        left join agents a on a.id = c.agent
        left join ratings r on r.conversation_id = c.id
        left join queue_places p on p.conversation_id = c.id
        where c.id = ${conversationId}`.execute(db),
    );
    return rows[0] ? toStanding(rows[0]) : null;
  },
});

const toStanding = ({ owner, term, by, owners, queue, isResolved, asks, rated }: Row): Standing => ({
  owner,
  term,
  ...(by ? { by } : {}),
  owners: owners.map(({ by: name, at, ...change }) => ({
    ...change,
    ...(name ? { by: name } : {}),
    at: new Date(at).toISOString(),
  })),
  ...(queue ? { queue } : {}),
  ...(isResolved ? { resolved: { rate: asks === true && rated === null } } : {}),
  ...(rated === null ? {} : { rated }),
});
