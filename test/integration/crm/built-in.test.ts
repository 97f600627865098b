import { sql } from 'kysely';
import { createBuiltInCrm } from '../../../integrations/crm/built-in.ts';
import { createCustomers } from '../../../store/customers.ts';
import { type CrmRig, describeCrm } from '../../contracts/crm/suite.ts';
import { freshDatabase } from '../../database.ts';

const start = async (): Promise<CrmRig> => {
  const { db, close } = await freshDatabase();
  const records = createCustomers(db);
  const failing: ('lost' | '503')[] = [];
  return {
    crm: createBuiltInCrm({
      ...records,
      addNote: async (customerId, note) => {
        const fault = failing.shift();
        const written = fault === '503' ? null : await records.addNote(customerId, note);
        if (fault) throw Object.assign(new Error('connection lost'), { name: 'StoreUnavailable' });
        return written;
      },
    }),
    factNames: { size: 'shoe_size', note: 'note' },
    add: async ({ customerId, email, first, last, language, tier, facts }) => {
      const stored = JSON.stringify({ shoe_size: facts.size, note: facts.note });
      await sql`insert into customers (id, name, email, language, tier, facts)
        values (${customerId}, ${`${first} ${last}`}, ${email}, ${language}, ${tier}, ${stored}::jsonb)`.execute(db);
      return customerId ?? '';
    },
    notes: async () => {
      const { rows } = await sql<{ text: string }>`select text from customer_notes order by id`.execute(db);
      return rows.map(({ text }) => text);
    },
    fail: (...faults) => failing.push(...faults.filter((fault) => fault === 'lost' || fault === '503')),
    heal: () => {
      failing.length = 0;
    },
    faults: {
      lost: { name: 'RemoteUnavailable', outcome: 'unknown' },
      '503': { name: 'RemoteUnavailable', outcome: 'unknown' },
    },
    close,
  };
};

describeCrm(start, ['lost', '503']);
