import type { ReturnRule } from './products.ts';
import type { OrderStatus } from './sample-orders.ts';

/** Days after delivery, as the help article on returns says. */
const WINDOW_DAYS: Record<Exclude<ReturnRule, 'final'>, number> = { standard: 60, sale: 30 };

/** Dates are ISO days, `2026-11-24`. */
export type Delivered = { status: OrderStatus; deliveredOn: string | null };

export type Returnable =
  | { returnable: true; until: string }
  | {
      returnable: false;
      reason: 'not_delivered_yet' | 'cancelled' | 'already_returned' | 'final_sale' | 'window_over';
      /** The last day, when there was one. */
      until?: string;
    };

/** May a line of an order still be sent back on `today`? The last day counts. */
export const returnable = ({ status, deliveredOn }: Delivered, rule: ReturnRule, today: string): Returnable => {
  if (status === 'cancelled') return { returnable: false, reason: 'cancelled' };
  if (status === 'returned') return { returnable: false, reason: 'already_returned' };
  if (rule === 'final') return { returnable: false, reason: 'final_sale' };
  if (!deliveredOn) return { returnable: false, reason: 'not_delivered_yet' };
  const until = addDays(deliveredOn, WINDOW_DAYS[rule]);
  return today <= until ? { returnable: true, until } : { returnable: false, reason: 'window_over', until };
};

const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
