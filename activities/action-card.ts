import type { Action } from '../contracts/actions.ts';
import { inLanguage, type PlaybookTool } from '../contracts/playbook.ts';
import { capped, visible } from '../integrations/untrusted-text.ts';

/** Of one argument on a card, in bytes: nobody reads more before they say yes. */
const MAX_VALUE_BYTES = 500;

/** What the customer reads before they agree: every argument that the model chose, and none that was injected. */
export const cardOf = (
  tool: PlaybookTool,
  given: Record<string, unknown>,
  language: string | undefined,
  fallback: string,
): Pick<Action, 'title' | 'arguments'> => ({
  title: inLanguage(tool.title, language, fallback),
  arguments: Object.entries(given).map(([name, value]) => ({
    label: inLanguage(Object.hasOwn(tool.labels, name) ? (tool.labels[name] ?? '') : wordsOf(name), language, fallback),
    value: capped(visible(readable(value)), MAX_VALUE_BYTES),
  })),
});

/** `orderNumber` and `order_number` are "Order number". */
const wordsOf = (name: string): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return visible(words.charAt(0).toUpperCase() + words.slice(1));
};

const readable = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(readable).join(', ');
  if (typeof value !== 'object' || value === null) return String(value ?? '–');
  return Object.entries(value)
    .map(([name, inner]) => `${wordsOf(name)}: ${readable(inner)}`)
    .join(', ');
};
