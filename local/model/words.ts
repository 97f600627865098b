import { conceptOf, isFunctionWord, withExpressions } from './lexicon.ts';
import { plain, split } from './plain.ts';

/** Everything the model knows of a text: content words, reduced so that forms of one word are equal. */
export type Words = ReadonlySet<string>;

/** Words that were reduced before. Bounded, since customers can make up words. */
const known = new Map<string, string>();
const KNOWN_LIMIT = 20_000;

/** Content words of a text. Numbers with three digits or more are names of things (orders), not words. */
export const wordsOf = (text: string): Set<string> => {
  const words = new Set<string>();
  for (const word of split(withExpressions(plain(text)))) {
    const reduced = reduce(word);
    if (reduced !== '') words.add(reduced);
  }
  return words;
};

/** A word's concept where the lexicon has one, else its stem; empty for function words, single letters and numbers. */
const reduce = (word: string): string => {
  const before = known.get(word);
  if (before !== undefined) return before;
  const reduced = word.length < 2 || isFunctionWord(word) || /\d{3}/.test(word) ? '' : (conceptOf(word) ?? stem(word));
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(word, reduced);
  return reduced;
};

/**
 * Takes off the endings that carry no meaning, in English first, since articles mostly are. Crude on purpose: it has to
 * make forms of one word equal more often than it makes two words equal.
 */
const stem = (word: string): string => {
  if (word.length < 5)
    return word.length === 4 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
  const base = word
    .replace(/(?:ies|ied)$/, 'y')
    .replace(/(sh|ch|x|ss)es$/, '$1')
    .replace(/([^s])s$/, '$1')
    .replace(/(?:ing|ed)$/, '');
  const short = base.length >= 3 ? base : word;
  return short.replace(/([bdfgmnprt])\1$/, '$1').replace(/e$/, '');
};
