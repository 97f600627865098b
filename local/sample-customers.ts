import { createCustomers } from '../store/customers.ts';
import { createDatabase } from '../store/database.ts';
import { customers } from './acme/customers.ts';

/** The shop's customers as its CRM knows them, which is the built-in one. */
export const addSampleCustomers = async (databaseUrl: string): Promise<void> => {
  const db = createDatabase(databaseUrl, () => {}, 1);
  try {
    await createCustomers(db).add(
      customers.map(({ id, name, email, language, vip, address: { city, country } }) => ({
        ...{ id, name, email, language, tier: vip ? 'Summit' : null },
        facts: { livesIn: `${city}, ${country}` },
      })),
    );
  } finally {
    await db.destroy();
  }
};
