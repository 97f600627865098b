import type { Call } from './answer.ts';

/** What one chunk of a stream adds: text, or the beginning (with `id` and `name`) or going-on of a call. */
export type Delta = { text: string } | { call: { index: number; id?: string; name?: string; arguments: string } };

/**
 * Cuts a text into pieces as large as a language model's tokens, about four characters with the space before them. No
 * character is cut, and all pieces together are the text.
 */
export const tokensOf = (text: string): string[] => text.match(/\s*\S{1,5}|\s+$/gu) ?? [];

/** Single UTF-16 code units: every emoji is cut in half. */
export const unitsOf = (text: string): string[] => text.split('');

/** Tokens of a prompt, estimated as everyone does: four characters each. */
export const countTokens = (texts: readonly string[]): number =>
  Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / 4);

/** An answer in the smallest deltas that are ever sent; pace, limits and cuts count these. */
export const deltasOf = (
  text: string,
  calls: readonly (Call & { id: string })[],
  cut: (text: string) => string[],
): Delta[] => [
  ...cut(text).map((piece) => ({ text: piece })),
  ...calls.flatMap(({ id, name, arguments: args }, index): Delta[] => [
    { call: { index, id, name, arguments: '' } },
    ...cut(args).map((piece) => ({ call: { index, arguments: piece } })),
  ]),
];

/** Characters that are joined into one chunk at most, so that an answer at once is still a stream. */
const LARGEST = 200;

/** Joins neighbours of one kind: what is due together goes out together. */
export const merged = (deltas: readonly Delta[]): Delta[] => {
  const joined: Delta[] = [];
  for (const delta of deltas) {
    const last = joined.at(-1);
    if (last && 'text' in last && 'text' in delta && last.text.length < LARGEST) last.text += delta.text;
    else if (last && 'call' in last && 'call' in delta && last.call.index === delta.call.index)
      last.call.arguments += delta.call.arguments;
    else joined.push('text' in delta ? { ...delta } : { call: { ...delta.call } });
  }
  return joined;
};
