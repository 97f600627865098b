import { seedAcme } from './seed.ts';

// Brings the shop's data up to date and leaves. Its address comes by environment, since arguments show in `ps`.
const databaseUrl = process.env.DATABASE_URL;
if (databaseUrl) await seedAcme({ databaseUrl });
else {
  console.error('acme: DATABASE_URL is not set; it must be the address of the database that will hold the schema acme');
  process.exitCode = 1;
}
