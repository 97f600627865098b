import { de } from './words/de.ts';
import { en } from './words/en.ts';
import { es } from './words/es.ts';
import { fr } from './words/fr.ts';
import { pt } from './words/pt.ts';

export const languages = { en, de, fr, es, pt };

export type PageLanguage = keyof typeof languages;

const isSpoken = (name: string): name is PageLanguage => Object.hasOwn(languages, name);

/** The first of the wanted languages that the page has, whatever its region or script; English where it has none. */
export const languageFor = (wanted: readonly string[]): PageLanguage =>
  wanted.map((name) => name.toLowerCase().split('-')[0] ?? '').find(isSpoken) ?? 'en';
