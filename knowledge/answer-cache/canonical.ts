import { DROPPED, FREE, REWRITES, SAME } from './wording.ts';

/** A question without what never changes its answer: case, punctuation, articles, ways of asking, number of a noun. */
export type Canonical = readonly string[];

/** A key for exact matches: the same words in the same order after Unicode, case and blanks are evened out. */
export const normalise = (question: string): string =>
  question
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/[?!.…,;:"“”]+(?=\s|$)|^[¿¡"“]+|(?<=\s)[¿¡"“]+/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** English only: in other languages articles stay, and fewer near matches are found. */
export const canonical = (question: string): Canonical => {
  let text = normalise(question).replaceAll('&', ' and ');
  text = text
    .replaceAll(/[^\p{L}\p{N}\s.'+#€$£%-]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  for (const [pattern, replacement] of REWRITES) text = text.replace(pattern, replacement);
  const words = text.match(/[€$£%]|[+-]?\p{N}+(?:[.,]\p{N}+)*[\p{L}%]*|[\p{L}\p{N}+#]+(?:[.'-][\p{L}\p{N}]+)*/gu) ?? [];
  return words.filter((word) => !DROPPED.has(word)).map((word) => SAME.get(word) ?? stem(word));
};

/**
 * What a question is about: its words without the free ones, in no order. Two that match have the same one, so it finds the few
 * that are worth comparing.
 */
export const gistOf = (question: Canonical): string =>
  question
    .filter((word) => !FREE.has(word))
    .sort()
    .join(' ');

/** Plural and gerund; past forms stay, since "I ordered" and "I order" ask for different things. */
const stem = (word: string): string => {
  const [, root] = /^(\p{L}{3,}?)(?:ies|ing|s|e)$/u.exec(word) ?? [];
  if (root === undefined || word.endsWith('ss')) return word;
  const base = word.endsWith('ies') ? `${root}y` : root.replace(/e$/, '');
  return SAME.get(base) ?? base;
};
