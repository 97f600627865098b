import { z } from 'zod';
import { isStorable } from './text.ts';

/** What a template may name, in braces: `{assistant}`. */
export const PLACEHOLDERS = ['assistant', 'company', 'url', 'persona', 'languages', 'language'] as const;

export type PromptValues = Record<(typeof PLACEHOLDERS)[number], string>;

const PLACEHOLDER = /\{([^{}\s]*)\}/g;

const isKnown = (name: string): boolean => PLACEHOLDERS.some((known) => known === name);

/** A prompt in the playbook. Data (articles, facts, tool results) is not named in it: it follows in blocks of its own. */
export const promptTemplate = z
  .string()
  .trim()
  .min(1)
  .max(20_000)
  .refine(isStorable, 'holds a NUL or half of a character')
  .refine((text) => [...text.matchAll(PLACEHOLDER)].every(([, name = '']) => isKnown(name)), {
    error: `may name in braces only ${PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}`,
  });

/** The template with its values; what a value holds in braces stays as it is. */
export const filled = (template: string, values: PromptValues): string =>
  template.replace(PLACEHOLDER, (whole, wanted: string) => {
    const name = PLACEHOLDERS.find((known) => known === wanted);
    return name === undefined ? whole : values[name];
  });
