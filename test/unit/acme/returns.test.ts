import { describe, expect, test } from '@jest/globals';
import { products } from '../../../local/acme/products.ts';
import { returnable } from '../../../local/acme/returns.ts';
import { sampleOrders } from '../../../local/acme/sample-orders.ts';

const delivered = { status: 'delivered', deliveredOn: '2026-10-01' } as const;

describe('returns of the sample shop', () => {
  test('the last day counts, the next does not: 60 days, 30 when reduced', () => {
    expect(returnable(delivered, 'standard', '2026-11-30')).toEqual({ returnable: true, until: '2026-11-30' });
    expect(returnable(delivered, 'standard', '2026-12-01')).toMatchObject({
      reason: 'window_over',
      until: '2026-11-30',
    });
    expect(returnable(delivered, 'sale', '2026-10-31')).toEqual({ returnable: true, until: '2026-10-31' });
    expect(returnable(delivered, 'sale', '2026-11-01')).toMatchObject({ reason: 'window_over' });
  });

  test.each([
    ['final_sale', delivered, 'final'],
    ['not_delivered_yet', { status: 'shipped', deliveredOn: null }, 'standard'],
    ['cancelled', { status: 'cancelled', deliveredOn: null }, 'standard'],
    ['already_returned', { status: 'returned', deliveredOn: '2026-10-01' }, 'standard'],
  ] as const)('%s', (reason, order, rule) => {
    expect(returnable(order, rule, '2026-10-02')).toEqual({ returnable: false, reason });
  });
});

describe('the sample orders', () => {
  test('have numbers in the order of their days, known products and every state', () => {
    const skus = new Set(products.map(({ sku }) => sku));
    const sorted = sampleOrders.toSorted((a, b) => a.placed - b.placed || a.number.localeCompare(b.number));
    expect(sampleOrders).toEqual(sorted);
    for (const { lines } of sampleOrders) for (const { sku } of lines) expect(skus).toContain(sku);
    expect(new Set(sampleOrders.map(({ status }) => status)).size).toBe(7);
  });
});
