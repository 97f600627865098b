import { languageFor, languages } from './languages.ts';
import type { Words } from './words/en.ts';

/** The customer's, as their browser names it. */
export const pageLanguage = languageFor(navigator.languages);

export const words: Words = languages[pageLanguage];
