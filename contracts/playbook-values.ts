import { z } from 'zod';
import { isStorable } from './text.ts';

// What values of a playbook look like, whatever they stand for.

export const text = z.string().trim().min(1).refine(isStorable, 'holds a NUL or half of a character');
export const name = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be a short name of a-z, 0-9 and _');
export const language = z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/, 'must be a language like en or pt-BR');
export const webAddress = z.url({
  protocol: /^https?$/,
  error: 'must be an address starting with https:// or http://',
});

/** One text for everybody, or one per language. */
export const localised = z.union([text, z.record(language, text)], {
  error: 'must be a text, or one per language like { en: Hello, de: Hallo }',
});

/** Where in a playbook something is wrong. */
export type Path = (string | number)[];

export const toolName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be a tool name of A-Z, a-z, 0-9, _ and -');
