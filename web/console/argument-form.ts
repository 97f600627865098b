import type { Approval } from '../../contracts/console.ts';
import { isFields } from '../json.ts';

/** One argument of an action as a form shows it. `json`: a list or an object, edited as JSON. */
export type Field = { key: string; label: string; kind: 'text' | 'number' | 'boolean' | 'json'; value: string };

/** The form for an action's arguments, or `null` when they are not an object, and only the whole JSON can be edited. */
export const fieldsOf = ({ rawArguments, arguments: labelled }: Pick<Approval, 'rawArguments' | 'arguments'>) => {
  const given = parsed(rawArguments);
  if (!isFields(given) || Array.isArray(given)) return null;
  const entries = Object.entries(given);
  // The card is made of the arguments in their order; after a change of the tool's labels it may be another number.
  const labels = labelled.length === entries.length ? labelled.map(({ label }) => label) : [];
  return entries.map(([key, value], at): Field => ({ key, label: labels[at] ?? wordsOf(key), ...shown(value) }));
};

const shown = (value: unknown): Pick<Field, 'kind' | 'value'> => {
  if (typeof value === 'string') return { kind: 'text', value };
  if (typeof value === 'number') return { kind: 'number', value: String(value) };
  if (typeof value === 'boolean') return { kind: 'boolean', value: String(value) };
  return { kind: 'json', value: JSON.stringify(value, null, 2) };
};

export type Filled = { json: string } | { problems: Record<string, string> };

/** The form as JSON again, or what is wrong, by key. The desk checks it against the tool's own schema afterwards. */
export const filledForm = (fields: readonly Field[]): Filled => {
  const problems: Record<string, string> = {};
  const entries = fields.map(({ key, kind, value }): [string, unknown] => {
    if (kind === 'text') return [key, value];
    if (kind === 'boolean') return [key, value === 'true'];
    if (kind === 'number') {
      if (value.trim() === '' || !Number.isFinite(Number(value))) problems[key] = 'Enter a number.';
      return [key, Number(value)];
    }
    const inner = parsed(value);
    if (inner === undefined) problems[key] = 'This is not valid JSON.';
    return [key, inner];
  });
  return Object.keys(problems).length > 0 ? { problems } : { json: JSON.stringify(Object.fromEntries(entries)) };
};

/** `undefined` for what is no JSON. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `orderNumber` and `order_number` are "Order number". */
export const wordsOf = (name: string): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
