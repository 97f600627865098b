import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** A customer of the built-in CRM. */
export type Customer = {
  id: string;
  name: string | null;
  email: string | null;
  language: string | null;
  tier: string | null;
  facts: Record<string, unknown>;
};

/** Every method rejects with `StoreUnavailable`. */
export type Customers = ReturnType<typeof createCustomers>;

const COLUMNS = ['id', 'name', 'email', 'language', 'tier', 'facts'] as const;

export const createCustomers = (db: Database) => ({
  /** Adds what is not known of these customers yet; what is known stays. */
  async add(customers: readonly Customer[]): Promise<void> {
    await reaching(
      sql`
        insert into customers (id, name, email, language, tier, facts)
        select id, name, email, language, tier, facts from jsonb_to_recordset(${JSON.stringify(customers)}::jsonb)
          as c(id text, name text, email text, language text, tier text, facts jsonb)
        on conflict (id) do update set
          name = coalesce(customers.name, excluded.name), email = coalesce(customers.email, excluded.email),
          language = coalesce(customers.language, excluded.language), tier = coalesce(customers.tier, excluded.tier),
          facts = excluded.facts || customers.facts`.execute(db),
    );
  },

  async byId(id: string): Promise<Customer | null> {
    const row = await reaching(db.selectFrom('customers').select(COLUMNS).where('id', '=', id).executeTakeFirst());
    return row ?? null;
  },

  /** Without regard to case; two at most, which is enough to see that it is not unique. */
  async byEmail(email: string): Promise<Customer[]> {
    return reaching(
      db.selectFrom('customers').select(COLUMNS).where(sql`lower(email)`, '=', sql`lower(${email})`).limit(2).execute(),
    );
  },

  /** Writes a note unless there is one with its key; its id either way, or `null` when there is no such customer. */
  async addNote(
    customerId: string,
    note: { key: string; kind: string; text: string; at: Date },
  ): Promise<string | null> {
    const { key, kind, text, at } = note;
    const { rows } = await reaching(
      sql<{ id: string }>`
        with written as (
          insert into customer_notes (customer_id, key, kind, text, at)
          select id, ${key}, ${kind}, ${text}, ${at} from customers where id = ${customerId}
          on conflict (key) do update set key = excluded.key
          returning id
        )
        select id::text from written`.execute(db),
    );
    return rows[0]?.id ?? null;
  },
});
