import type { Language } from './language.ts';
import { actionPhrases } from './phrases/actions.ts';

type Data = Record<string, unknown>;

/**
 * What became of something that was to be done: asked, waiting, done, or not, and then why. It is done only where the result of
 * the tool itself says so. `undefined` for data that tells of no action.
 */
export const actionText = (data: unknown, language: Language): string | undefined => {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const say = actionPhrases[language];
  const fields: Data = { ...data };
  const code = textOf(fields.action) ?? textOf(fields.error);
  switch (code) {
    case 'waiting_for_customer':
      return say.asked;
    case 'waiting_for_approval':
      return say.waits;
    case 'cancelled':
      return say.cancelled;
    case 'denied':
      return say.denied(textOf(fields.reason));
    case 'expired':
      return say.expired;
    case 'unknown':
      return say.unknown;
    case 'duplicate':
      return say.duplicate;
    case 'too_late':
      return say.tooLate;
    case 'more_than_paid':
      return say.moreThanPaid(money(fields.refundable, fields.currency, language));
    case 'paid_out':
      return say.paidOut;
    case 'per_turn':
    case 'per_conversation':
    case 'sum_per_conversation':
    case 'sum_per_day':
      return say.limit;
    case undefined:
      return done(fields, language);
    default:
      return undefined;
  }
};

const done = (fields: Data, language: Language): string | undefined => {
  const say = actionPhrases[language];
  const order = textOf(fields.orderNumber) ?? '';
  const amount = money(fields.amount, fields.currency, language);
  if (fields.refundId !== undefined) return say.refunded(amount, order);
  if (fields.cancelledRefund !== undefined) return say.refundCancelled(amount, order);
  const address = textOf(fields.newAddress);
  return address === undefined ? undefined : say.addressChanged(order, address);
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const money = (value: unknown, currency: unknown, language: Language): string => {
  const amount = Number(value);
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) && !Number.isNaN(amount)
    ? amount.toLocaleString(language, { style: 'currency', currency })
    : String(value);
};
