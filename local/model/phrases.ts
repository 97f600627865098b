import type { Language } from './language.ts';
import { de } from './phrases/de.ts';
import { en } from './phrases/en.ts';
import { es } from './phrases/es.ts';
import { fr } from './phrases/fr.ts';
import type { Phrasebook } from './phrases/phrasebook.ts';
import { pt } from './phrases/pt.ts';

const PHRASES: Record<Language, Phrasebook> = { en, de, fr, es, pt };

export const phrasesIn = (language: Language): Phrasebook => PHRASES[language];
