import type { Pool } from 'pg';
import type { ReturnRule } from './products.ts';
import { returnable } from './returns.ts';
import type { OrderStatus } from './sample-orders.ts';

type OrderRow = {
  number: string;
  status: OrderStatus;
  placed_on: string;
  shipped_on: string | null;
  eta: string | null;
  delivered_on: string | null;
  carrier: string | null;
  tracking: string | null;
};

type LineRow = { name: string; quantity: number; price_cents: number; return_rule: ReturnRule };

/** Dates leave the database as text: `pg` would turn them into midnights of the machine's own zone. */
const COLUMNS = `number, status, placed_on::text, shipped_on::text, eta::text, delivered_on::text, carrier, tracking`;

const MAX_LISTED = 10;

/**
 * What the shop tells about orders. Every question names the customer who asks, and the order of another customer is
 * answered like one that does not exist: `null`.
 */
export const createOrders = (pool: Pool) => {
  const find = async (customerId: string, number: string) => {
    const [order, lines] = await Promise.all([
      pool.query<OrderRow>(`select ${COLUMNS} from acme.orders where number = $1 and customer_id = $2`, [
        number,
        customerId,
      ]),
      pool.query<LineRow>(
        `select p.name, l.quantity, l.price_cents, p.return_rule
           from acme.orders o join acme.order_lines l on l.order_number = o.number join acme.products p using (sku)
           where o.number = $1 and o.customer_id = $2 order by l.price_cents desc, p.name`,
        [number, customerId],
      ),
    ]);
    return order.rows[0] ? { order: order.rows[0], lines: lines.rows } : null;
  };

  return {
    async get(customerId: string, number: string) {
      const found = await find(customerId, number);
      return found && { ...toOrder(found.order), ...toContents(found.lines) };
    },

    /** Newest first. */
    async list(customerId: string) {
      const { rows } = await pool.query<OrderRow>(
        `select ${COLUMNS} from acme.orders where customer_id = $1 order by placed_on desc, number desc limit ${MAX_LISTED}`,
        [customerId],
      );
      return { orders: rows.map(toOrder) };
    },

    /** `today` as an ISO day. */
    async returnEligibility(customerId: string, number: string, today: string) {
      const found = await find(customerId, number);
      if (!found) return null;
      const { order, lines } = found;
      const items = lines.map(({ name, quantity, return_rule }) => ({
        name,
        quantity,
        ...returnable({ status: order.status, deliveredOn: order.delivered_on }, return_rule, today),
      }));
      return { number, status: order.status, eligible: items.some((item) => item.returnable), items };
    },
  };
};

/** What is not known yet is absent, so that a model has nothing to misread. */
const toOrder = (row: OrderRow) => ({
  number: row.number,
  status: row.status,
  placedOn: row.placed_on,
  ...(row.shipped_on && { shippedOn: row.shipped_on }),
  ...(row.delivered_on ? { deliveredOn: row.delivered_on } : row.eta && { eta: row.eta }),
  ...(row.carrier && { carrier: row.carrier }),
  ...(row.tracking && { tracking: row.tracking, trackingUrl: `https://fernhill.example/track/${row.tracking}` }),
});

const toContents = (lines: LineRow[]) => ({
  items: lines.map(({ name, quantity, price_cents }) => ({ name, quantity, price: euros(price_cents) })),
  total: euros(lines.reduce((sum, { quantity, price_cents }) => sum + quantity * price_cents, 0)),
  currency: 'EUR',
});

const euros = (cents: number): string => (cents / 100).toFixed(2);
