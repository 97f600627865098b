/** What to look for, by name: `{ order: '\\b1\\d{3}\\b' }`. */
export type EntityPatterns = Readonly<Record<string, string>>;

export type Entity = { name: string; value: string };

/** Longest part of a message that is searched, so that no pattern of a playbook can hold a worker up for long. */
const MAX_LENGTH = 4_000;

/**
 * Finds what the playbook names (order numbers, serial numbers) by its patterns, in the order of the text, each value once.
 * A first group in a pattern is the value, else the whole match is. Throws a `SyntaxError` for a pattern that is no regular
 * expression.
 */
export const createEntityFinder = (patterns: EntityPatterns): ((text: string) => Entity[]) => {
  const compiled = Object.entries(patterns).map(([name, pattern]) => ({ name, pattern: new RegExp(pattern, 'giu') }));
  return (text) => {
    const found = new Map<string, Entity & { at: number }>();
    for (const { name, pattern } of compiled)
      for (const match of text.slice(0, MAX_LENGTH).matchAll(pattern)) {
        const value = match[1] ?? match[0];
        const key = `${name}\n${value}`;
        if (value !== '' && !found.has(key)) found.set(key, { name, value, at: match.index });
      }
    return [...found.values()].sort((a, b) => a.at - b.at).map(({ name, value }) => ({ name, value }));
  };
};
