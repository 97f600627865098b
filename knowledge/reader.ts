import { createUnderstanding, type Understanding, type UnderstandingOptions } from './understanding/index.ts';
import type { Vectors } from './vectors.ts';

/** A customer's message as understanding, answer cache and retrieval share it: its one embedding costs 6 ms. */
export type Reading = { text: string; vector: Float32Array | null; understanding: Understanding };

export type Reader = {
  /** Never fails for want of embeddings. Rejects with the signal's reason. */
  read(text: string, signal?: AbortSignal): Promise<Reading>;
  /** Learns the intents, in the background of everything else; resolves when that is done or cannot be. */
  learn(): Promise<void>;
};

export const createReader = (playbook: UnderstandingOptions, vectors: Vectors): Reader => {
  const understanding = createUnderstanding(playbook);
  let learned = vectors.embedder === null;
  let learning: Promise<void> | undefined;

  const learn = (): Promise<void> => {
    const { embedder } = vectors;
    if (embedder === null || learned) return Promise.resolve();
    learning ??= understanding
      .learn((texts) => embedder.embed(texts))
      .then(() => {
        learned = true;
      }, vectors.failed)
      .finally(() => {
        learning = undefined;
      });
    return learning;
  };

  return {
    learn,
    async read(text, signal) {
      const vector = await vectors.of(text, signal);
      // An embedder that was away at the start is back.
      if (!learned && vector !== null) void learn();
      return { text, vector, understanding: understanding.read(text, vector) };
    },
  };
};
