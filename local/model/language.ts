import { FUNCTION_WORDS } from './lexicon.ts';
import { plain, split } from './plain.ts';

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt'] as const;

export type Language = (typeof LANGUAGES)[number];

const NAMES: Record<string, Language> = {
  en: 'en',
  english: 'en',
  englisch: 'en',
  anglais: 'en',
  de: 'de',
  german: 'de',
  deutsch: 'de',
  fr: 'fr',
  french: 'fr',
  francais: 'fr',
  es: 'es',
  spanish: 'es',
  espanol: 'es',
  pt: 'pt',
  portuguese: 'pt',
  portugues: 'pt',
};

const markers = LANGUAGES.map((language) => ({ language, words: new Set(FUNCTION_WORDS[language].split(' ')) }));

const named = (name: string | undefined): Language | undefined =>
  name === undefined ? undefined : NAMES[plain(name).split(/[-_]/)[0] ?? ''];

/**
 * The language to answer in: the one that the instructions name (`Answer in German`, `language: de`), else the one that
 * the customer writes in where the instructions ask for it, else the instructions' default, else English.
 */
export const languageFor = (instructions: string, said: readonly string[]): Language => {
  for (const [, order, line] of instructions.matchAll(ORDERED)) {
    const ordered = named(order ?? line);
    if (ordered) return ordered;
  }
  const fallback =
    named(/\b(?:if in doubt|otherwise|by default),?(?: answer)? in ([\p{L}-]+)/iu.exec(instructions)?.[1]) ?? 'en';
  return /customer['’]s language|language of the customer|same language/i.test(instructions)
    ? (detect(said) ?? fallback)
    : fallback;
};

const ORDERED = /\b(?:answer|reply|respond|write)(?: only)? in ([\p{L}-]+)|\blanguage:\s*([\p{L}-]+)/giu;

/** The language of the newest message that gives itself away by its function words; a bare number does not. */
const detect = (said: readonly string[]): Language | undefined => {
  for (const text of said.toReversed()) {
    const words = split(plain(text));
    const counts = markers.map(({ language, words: own }) => ({
      language,
      count: words.filter((word) => own.has(word)).length,
    }));
    counts.sort((a, b) => b.count - a.count);
    const [first, second] = counts;
    if (first && second && first.count > second.count) return first.language;
  }
  return undefined;
};
