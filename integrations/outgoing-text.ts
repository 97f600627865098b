import { capped, visible } from './untrusted-text.ts';

/** Text for another system: storable, visible and at most `maxBytes` of UTF-8, the note of a cut included. */
export const outgoing = (text: string, maxBytes: number): string => {
  const clean = visible(text);
  return Buffer.byteLength(clean) <= maxBytes ? clean : capped(clean, maxBytes - CUT_NOTE_BYTES);
};

/** The longest `[cut here: … bytes left out]`, with room for two numbers of eight digits. */
const CUT_NOTE_BYTES = 64;

/** One line, as subjects and names are; at most `maxLength` characters. */
export const outgoingLine = (text: string, maxLength: number): string =>
  [...visible(text).replace(/\s+/g, ' ').trim()].slice(0, maxLength).join('');

/** Plain text as HTML, for fields that are rendered as HTML anyway. Grows to five times its size at most. */
export const toHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\r\n?|\n/g, '<br>');
