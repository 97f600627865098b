import type { Language } from './language.ts';
import { phrasesIn } from './phrases.ts';

type Order = Record<string, unknown>;

/** Whether data from a tool looks like an order: a number, and a status, items or tracking. */
export const isOrder = (data: unknown): data is Order =>
  typeof data === 'object' &&
  data !== null &&
  !Array.isArray(data) &&
  pick(data, NUMBER) !== undefined &&
  (pick(data, STATUS) ?? pick(data, ITEMS) ?? pick(data, TRACKING)) !== undefined;

const NUMBER = ['number', 'ordernumber', 'orderid', 'order', 'id'];
const STATUS = ['status', 'state', 'orderstatus'];
const ITEMS = ['items', 'lines', 'products', 'lineitems'];
const CARRIER = ['carrier', 'shipper', 'shippedwith'];
const TRACKING = ['tracking', 'trackingnumber', 'trackingcode', 'trackingid'];
const EXPECTED = [
  'eta',
  'expecteddelivery',
  'estimateddelivery',
  'expectedat',
  'expectedon',
  'deliverydate',
  'expected',
];
const DELIVERED = ['deliveredat', 'deliveredon', 'delivered'];
const TOTAL = ['total', 'amount', 'totalamount'];

/** Statuses after which nothing is expected any more. */
const OVER = /delivered|cancel|return|refund|lost/;

/** One order in sentences: what it is, where it is, when it comes, what is in it. */
export const orderText = (order: Order, language: Language): string => {
  const { order: say } = phrasesIn(language);
  const over = OVER.test(keyOf(text(order, STATUS) ?? ''));
  const expected = over ? undefined : date(order, EXPECTED, language);
  const delivered = date(order, DELIVERED, language);
  const [carrier, tracking, items] = [text(order, CARRIER), text(order, TRACKING), itemsOf(order)];
  const total = totalOf(order, language);
  return [
    headline(order, language),
    !over && carrier && say.carrier(carrier),
    !over && tracking && say.tracking(tracking),
    expected && say.expected(expected),
    delivered && say.delivered(delivered),
    items && say.items(items),
    total && say.total(total),
  ]
    .filter(Boolean)
    .join(' ');
};

/** Several orders, one line each. */
export const orderList = (orders: readonly Order[], language: Language): string => {
  const { order: say } = phrasesIn(language);
  const lines = orders.map((order) => {
    const items = itemsOf(order);
    return `- ${headline(order, language)}${items ? ` ${say.items(items)}` : ''}`;
  });
  return [say.list(orders.length), ...lines].join('\n');
};

const headline = (order: Order, language: Language): string => {
  const { order: say } = phrasesIn(language);
  const status = text(order, STATUS);
  const known = status && (say.statuses[keyOf(status)] ?? say.statuses[ALIASES[keyOf(status)] ?? '']);
  return say.headline(text(order, NUMBER) ?? '', status && (known ?? say.statuses.other?.replace('{status}', status)));
};

const ALIASES: Record<string, string> = {
  pending: 'placed',
  open: 'placed',
  received: 'placed',
  preparing: 'processing',
  intransit: 'shipped',
  sent: 'shipped',
  dispatched: 'shipped',
  canceled: 'cancelled',
};

const keyOf = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

const pick = (data: object, names: readonly string[]): unknown => {
  const entries = Object.entries(data).filter(([, value]) => value !== null && value !== '');
  for (const name of names) {
    const found = entries.find(([key]) => keyOf(key) === name);
    if (found) return found[1];
  }
  return undefined;
};

const text = (order: Order, names: readonly string[]): string | undefined => {
  const value = pick(order, names);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
};

const itemsOf = (order: Order): string | undefined => {
  const items = pick(order, ITEMS);
  if (!Array.isArray(items)) return undefined;
  return items.map(itemText).filter(Boolean).join(', ') || undefined;
};

export const itemText = (item: unknown): string | undefined => {
  if (typeof item === 'string') return item;
  if (typeof item !== 'object' || item === null) return undefined;
  const name = pick(item, ['name', 'title', 'product', 'sku']);
  const count = pick(item, ['quantity', 'qty', 'count']);
  return name === undefined ? undefined : `${typeof count === 'number' ? `${count} × ` : ''}${String(name)}`;
};

const date = (order: Order, names: readonly string[], language: Language): string | undefined => {
  const value = text(order, names);
  return value === undefined ? undefined : dayText(value, language);
};

/** Dates as people write them; what is no date stays as it came. Days have no time zone. */
export const dayText = (value: string, language: Language): string => {
  if (!/^\d{4}-\d{2}-\d{2}/.test(value)) return value;
  const at = new Date(value.slice(0, 10));
  return Number.isNaN(at.getTime()) ? value : at.toLocaleDateString(language, { dateStyle: 'long', timeZone: 'UTC' });
};

const totalOf = (order: Order, language: Language): string | undefined => {
  const currency = text(order, ['currency']);
  const cents = pick(order, ['totalcents', 'amountcents']);
  const total = typeof cents === 'number' ? cents / 100 : pick(order, TOTAL);
  const value = typeof total === 'string' || typeof total === 'number' ? Number(total) : Number.NaN;
  if (Number.isNaN(value)) return typeof total === 'string' ? total : undefined;
  return currency && /^[A-Z]{3}$/.test(currency)
    ? value.toLocaleString(language, { style: 'currency', currency })
    : value.toLocaleString(language);
};
