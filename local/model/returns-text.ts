import type { Language } from './language.ts';
import { dayText, itemText } from './order-text.ts';
import { phrasesIn } from './phrases.ts';

type Item = { returnable: boolean; until?: unknown; reason?: unknown };
type Returns = { items: Item[]; number?: unknown };

const isItem = (item: unknown): item is Item =>
  typeof item === 'object' && item !== null && 'returnable' in item && typeof item.returnable === 'boolean';

/** Whether data from a tool says for each item of an order if it can be returned. */
export const isReturns = (data: unknown): data is Returns =>
  typeof data === 'object' &&
  data !== null &&
  'items' in data &&
  Array.isArray(data.items) &&
  data.items.length > 0 &&
  data.items.every(isItem);

/** One line per item: until when, or why not. */
export const returnsText = ({ items, number }: Returns, language: Language): string => {
  const { returns: say } = phrasesIn(language);
  const lines = items.map((item) => {
    const name = itemText(item) ?? '';
    if (item.returnable)
      return `- ${say.yes(name, typeof item.until === 'string' ? dayText(item.until, language) : undefined)}`;
    const reason = typeof item.reason === 'string' ? item.reason : '';
    return `- ${say.no(name, say.reasons[reason] ?? reason.replaceAll('_', ' '))}`;
  });
  return [say.headline(typeof number === 'string' || typeof number === 'number' ? String(number) : ''), ...lines].join(
    '\n',
  );
};
