/**
 * A short mark of a text, to see that a message came again with other words: 32-bit FNV-1a over UTF-16 code units
 * (draft-eastlake-fnv), base 36. Equal texts always agree; two that differ collide once in 4 billion, and then the second
 * is taken for a resend of the first. No zod here: the workflow imports it.
 */
export const fingerprint = (text: string): string => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
};
