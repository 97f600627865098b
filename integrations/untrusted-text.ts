import { toStorable } from '../contracts/text.ts';

/**
 * What no reader sees, but a model obeys or a screen shows wrongly: Unicode's default ignorables (tags, zero width,
 * bidirectional overrides and isolates, fillers, soft hyphens), interlinear marks, and control characters except tab and
 * line breaks. A presentation selector stays where it belongs, once after an emoji or a keycap; elsewhere runs of
 * selectors can hide a text.
 */
const INVISIBLE =
  /(?![\t\n\r]|\u{FE0E}|\u{FE0F})[\p{Default_Ignorable_Code_Point}\p{Cc}\u{FFF9}-\u{FFFB}]|(?<![\p{Extended_Pictographic}0-9#*])(?:\u{FE0E}|\u{FE0F})/gu;

/** Text from a tool, a ticket or an article as it may enter a prompt, Postgres or a page: visible and storable. */
export const visible = (text: string): string => toStorable(text).replace(INVISIBLE, '');

/** At most `maxBytes` of UTF-8, cut between characters; when something was cut, one more line says how much. */
export const capped = (text: string, maxBytes: number): string => {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return text;
  const kept = Buffer.from(text)
    .subarray(0, maxBytes)
    .toString()
    .replace(/\uFFFD$/, '');
  return `${kept}\n[cut here: ${bytes - Buffer.byteLength(kept)} of ${bytes} bytes left out]`;
};
