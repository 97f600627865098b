import type { Pool, PoolClient } from 'pg';
import type { OrderStatus } from './sample-orders.ts';

/** As the help article says: until it is packed. */
const CHANGEABLE: OrderStatus = 'processing';

/** A refund is paid out in the night after this; before that it can be taken back. */
const CANCELLABLE = '1 hour';

type Answer = Record<string, unknown>;

/**
 * What the shop does for its customers. Every request comes with an id of its own: the same id again gets the answer of the
 * first time, and nothing is done twice. `null`: the customer has no such order.
 */
export const createServices = (pool: Pool) => {
  /** Requests about one order wait for each other: two refunds at once must not each find the whole sum left. */
  const onOrder = async (
    customerId: string,
    number: string,
    work: (client: PoolClient, status: OrderStatus) => Promise<Answer>,
  ): Promise<Answer | null> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ status: OrderStatus }>(
        `select status from acme.orders where number = $1 and customer_id = $2 for update`,
        [number, customerId],
      );
      const answer = rows[0] ? await work(client, rows[0].status) : null;
      await client.query('commit');
      return answer;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  };

  return {
    changeAddress: (customerId: string, requestId: string, orderNumber: string, address: string) =>
      onOrder(customerId, orderNumber, async (client, status) => {
        const { rows } = await client.query<{ address: string }>(
          `select address from acme.address_changes where request_id = $1 and order_number = $2`,
          [requestId, orderNumber],
        );
        const [before] = rows;
        if (before) return { orderNumber, newAddress: before.address };
        if (status !== CHANGEABLE) return { error: 'too_late', status };
        await client.query(`insert into acme.address_changes (request_id, order_number, address) values ($1, $2, $3)`, [
          requestId,
          orderNumber,
          address,
        ]);
        return { orderNumber, newAddress: address };
      }),

    /** `amount` in euro. */
    refund: (customerId: string, requestId: string, orderNumber: string, amount: number, reason: string) =>
      onOrder(customerId, orderNumber, async (client) => {
        const cents = Math.round(amount * 100);
        const known = await client.query<{ id: string; amount_cents: number }>(
          `select id, amount_cents from acme.refunds where idempotency_key = $1 and order_number = $2`,
          [requestId, orderNumber],
        );
        if (known.rows[0]) return refundOf(orderNumber, known.rows[0]);
        const { rows } = await client.query<{ left: number }>(
          `select (select coalesce(sum(quantity * price_cents), 0) from acme.order_lines where order_number = $1)
                - (select coalesce(sum(amount_cents), 0) from acme.refunds
                     where order_number = $1 and cancelled_at is null) as left`,
          [orderNumber],
        );
        const left = Number(rows[0]?.left ?? 0);
        if (cents > left) return { error: 'more_than_paid', refundable: euros(left), currency: 'EUR' };
        const made = await client.query<{ id: string; amount_cents: number }>(
          `insert into acme.refunds (order_number, amount_cents, reason, idempotency_key) values ($1, $2, $3, $4)
             returning id, amount_cents`,
          [orderNumber, cents, reason, requestId],
        );
        return made.rows[0] ? refundOf(orderNumber, made.rows[0]) : { error: 'unavailable' };
      }),

    /** Taking back what is taken back already is no error: whoever asks again gets the same answer. */
    async cancelRefund(customerId: string, refundId: string): Promise<Answer | null> {
      const { rows } = await pool.query<{ order_number: string; amount_cents: number; in_time: boolean }>(
        `update acme.refunds r set cancelled_at = case when r.cancelled_at is not null then r.cancelled_at
             when r.created_at > now() - $3::interval then now() end
           from acme.orders o where o.number = r.order_number and o.customer_id = $1 and r.id = $2
           returning r.order_number, r.amount_cents, r.cancelled_at is not null as in_time`,
        [customerId, refundId, CANCELLABLE],
      );
      const [refund] = rows;
      if (!refund) return null;
      if (!refund.in_time) return { error: 'paid_out' };
      const { order_number: orderNumber, amount_cents: cents } = refund;
      return { cancelledRefund: refundId, orderNumber, amount: euros(cents), currency: 'EUR' };
    },
  };
};

const refundOf = (orderNumber: string, { id, amount_cents }: { id: string; amount_cents: number }): Answer => ({
  refundId: id,
  orderNumber,
  amount: euros(amount_cents),
  currency: 'EUR',
});

const euros = (cents: number): string => (cents / 100).toFixed(2);
