import { Client, type ClientBase } from 'pg';
import { customers } from './customers.ts';
import { products } from './products.ts';
import { sampleOrders } from './sample-orders.ts';
import { schema } from './schema.ts';

/**
 * Brings the shop's data up to date: makes what is missing, leaves what was changed since (an address, a refund), and moves
 * every date forward by the days that passed since the last time, so that order 1042 is always about to arrive. Two at the
 * same time are taken in turn.
 */
export const seedAcme = async ({ databaseUrl }: { databaseUrl: string }): Promise<void> => {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtext('acme.seeding'))`);
    await client.query(schema);
    await moveDates(client);
    await insertCustomers(client);
    await insertOrders(client);
    await client.query('commit');
  } finally {
    await client.end();
  }
};

/** Days begin at midnight UTC, so that the seed does not depend on a machine's or a session's zone. */
const TODAY = `(now() at time zone 'utc')::date`;

const moveDates = async (client: ClientBase): Promise<void> => {
  const { rows } = await client.query<{ days: number }>(`select ${TODAY} - seeded_on as days from acme.seeding`);
  const days = rows[0]?.days ?? 0;
  await client.query(
    `update acme.orders set placed_on = placed_on + $1::int, shipped_on = shipped_on + $1::int, eta = eta + $1::int,
       delivered_on = delivered_on + $1::int where $1::int > 0`,
    [days],
  );
  await client.query(
    `insert into acme.seeding (seeded_on) values (${TODAY})
       on conflict (only_row) do update set seeded_on = greatest(acme.seeding.seeded_on, excluded.seeded_on)`,
  );
};

const insertCustomers = async (client: ClientBase): Promise<void> => {
  for (const { id, name, email, language, vip, address } of customers) {
    await client.query(`insert into acme.customers values ($1, $2, $3, $4, $5) on conflict do nothing`, [
      id,
      name,
      email,
      language,
      vip,
    ]);
    await client.query(`insert into acme.addresses values ($1, $2, $3, $4, $5) on conflict do nothing`, [
      id,
      address.street,
      address.postalCode,
      address.city,
      address.country,
    ]);
  }
  for (const { sku, name, priceCents, returns } of products)
    await client.query(`insert into acme.products values ($1, $2, $3, $4) on conflict do nothing`, [
      sku,
      name,
      priceCents,
      returns,
    ]);
};

const insertOrders = async (client: ClientBase): Promise<void> => {
  for (const order of sampleOrders) {
    const { rowCount } = await client.query(
      `insert into acme.orders (number, customer_id, status, placed_on, shipped_on, eta, delivered_on, carrier, tracking)
         values ($1, $2, $3, ${TODAY} + $4::int, ${TODAY} + $5::int, ${TODAY} + $6::int, ${TODAY} + $7::int, $8, $9)
         on conflict do nothing`,
      [
        order.number,
        order.customerId,
        order.status,
        order.placed,
        order.shipped,
        order.eta,
        order.delivered,
        carrierOf(order.tracking),
        order.tracking,
      ],
    );
    if (rowCount === 0) continue;
    for (const { sku, quantity } of order.lines)
      await client.query(
        `insert into acme.order_lines select $1, sku, $3, price_cents from acme.products where sku = $2`,
        [order.number, sku, quantity],
      );
  }
};

const carrierOf = (tracking: string | null): string | null =>
  tracking && (tracking.startsWith('NLP') ? 'Northline Parcel' : 'Velopost');
