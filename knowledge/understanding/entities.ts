export type Entity = { name: string; value: string };

/** Longest part of a message that is searched: what a customer can send at once. */
const MAX_LENGTH = 4_000;

/** Found in one message at most; a pattern that matches everything shall not fill a row. */
const MAX_FOUND = 20;

/**
 * Finds what the playbook names (order numbers, serial numbers), in the order of the text, each value once. A first group in a
 * pattern is the value, else the whole match is. The playbook's schema has seen to it that no pattern can take long
 * (`contracts/pattern.ts`).
 */
export const createEntityFinder = (
  entities: readonly { name: string; pattern: string }[],
): ((text: string) => Entity[]) => {
  const compiled = entities.map(({ name, pattern }) => ({ name, pattern: new RegExp(pattern, 'giu') }));
  return (text) => {
    const found = new Map<string, Entity & { at: number }>();
    for (const { name, pattern } of compiled)
      for (const match of text.slice(0, MAX_LENGTH).matchAll(pattern)) {
        const value = match[1] ?? match[0];
        const key = `${name}\n${value}`;
        if (value !== '' && !found.has(key)) found.set(key, { name, value, at: match.index });
      }
    return [...found.values()]
      .sort((a, b) => a.at - b.at)
      .slice(0, MAX_FOUND)
      .map(({ name, value }) => ({ name, value }));
  };
};
