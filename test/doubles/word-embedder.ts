import { type Embedder, toUnit } from '../../integrations/embeddings.ts';

const SIZE = 256;

/** Texts are as close as they share longer words and beginnings of words: enough for tests of what stands on embeddings. */
export const wordEmbedder = (): Embedder => ({
  name: 'words',
  embed: async (texts) =>
    texts.map((text) => {
      const vector = new Float32Array(SIZE);
      for (const word of text.toLowerCase().match(/\p{L}{4,}/gu) ?? [])
        for (const feature of [word, word.slice(0, 4)]) {
          const at = hash(feature) % SIZE;
          vector[at] = (vector[at] ?? 0) + 1;
        }
      return toUnit(vector);
    }),
});

const hash = (text: string): number => {
  let value = 7;
  for (const character of text) value = (value * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return value;
};
