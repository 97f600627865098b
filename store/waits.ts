import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** How long people waited for people. Every method rejects with `StoreUnavailable`. */
export type Waits = ReturnType<typeof createWaits>;

export const createWaits = (db: Database) => ({
  /** Per desk, the median of who was taken over within the hour that has passed, milliseconds. */
  async ofLastHour(): Promise<Map<string, number>> {
    const { rows } = await reaching(
      sql<{ desk: string; median: number }>`
        select w.desk, percentile_cont(0.5) within group (order by extract(epoch from r.at - w.at) * 1000) as median
        from records r cross join lateral (
          select b.detail ->> 'desk' as desk, b.at from records b
          where b.conversation_id = r.conversation_id and b.type = 'owner.changed' and b.id < r.id
          order by b.id desc limit 1) w
        where r.type = 'owner.changed' and r.at > now() - interval '1 hour' and r.detail ->> 'owner' = 'agent'
          and w.desk is not null
        group by w.desk`.execute(db),
    );
    return new Map(rows.map(({ desk, median }) => [desk, Math.round(median)]));
  },
});
