import { sql } from 'kysely';
import { createBuiltInTicketing } from '../../../integrations/ticketing/built-in.ts';
import { createTickets } from '../../../store/tickets.ts';
import type { TicketingRig } from '../../contracts/ticketing/rig.ts';
import { describeTicketing } from '../../contracts/ticketing/suite.ts';
import { freshDatabase } from '../../database.ts';

const start = async (): Promise<TicketingRig> => {
  const { db, close } = await freshDatabase();
  const records = createTickets(db);
  let broken = 0;
  /** The statement runs and its answer is lost, or does not run at all. */
  const failing: ('lost' | '503')[] = [];
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    const fault = failing.shift();
    if (fault) broken++;
    if (fault !== '503') {
      const result = await work();
      if (fault === undefined) return result;
    }
    throw Object.assign(new Error(`connection lost ${broken}`), { name: 'StoreUnavailable' });
  };
  const count = async (table: 'tickets' | 'ticket_comments') => {
    const { rows } = await sql<{ n: number }>`select count(*)::integer as n from ${sql.table(table)}`.execute(db);
    return rows[0]?.n ?? 0;
  };
  return {
    ticketing: createBuiltInTicketing({
      ...records,
      open: (ticket) => reach(() => records.open(ticket)),
      comment: (id, comment) => reach(() => records.comment(id, comment)),
    }),
    effects: async () => ({ tickets: await count('tickets'), comments: await count('ticket_comments') }),
    fail: (...faults) => failing.push(...faults.filter((fault) => fault === 'lost' || fault === '503')),
    failAll: () => undefined,
    heal: () => {
      failing.length = 0;
    },
    faults: {
      lost: { name: 'RemoteUnavailable', outcome: 'unknown' },
      '503': { name: 'RemoteUnavailable', outcome: 'unknown' },
    },
    agentComments: async (id, text) => {
      await sql`insert into ticket_comments (ticket_id, text, public) values (${id}, ${text}, true)`.execute(db);
    },
    texts: async () => {
      const { rows } = await sql<{ text: string }>`
        select text from tickets union all select text from ticket_comments`.execute(db);
      return rows.map(({ text }) => text);
    },
    close,
  };
};

describeTicketing(start, ['lost', '503']);
