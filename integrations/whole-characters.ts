import { toStorable } from '../contracts/text.ts';

/**
 * Cuts a stream of deltas into storable pieces: models write an emoji as two tokens, so half a character at the end of a
 * delta is held back until its other half comes. All pieces together are `toStorable` of all deltas together.
 */
export const createWholeCharacters = () => {
  let held = '';
  return {
    /** The part of everything pushed so far that can be shown and was not returned before; may be empty. */
    push(delta: string): string {
      const text = held + delta.replaceAll('\0', '');
      const last = text.charCodeAt(text.length - 1);
      held = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : '';
      return toStorable(text.slice(0, text.length - held.length));
    },
    /** What is still held back when nothing more comes: half a character becomes U+FFFD. */
    end: (): string => toStorable(held),
  };
};
