import type { Embedder } from '../integrations/embeddings.ts';

/** After a failure the embedder is left alone for this long, milliseconds. */
const REST_MS = 30_000;

/** The embedder as those who can go on without it use it. */
export type Vectors = {
  /** `null`: there is none in this process. */
  embedder: Embedder | null;
  /** It failed a moment ago and is not asked. */
  resting(): boolean;
  /** A text's vector; `null` without an embedder, while it rests and when it fails. Rejects with the signal's reason only. */
  of(text: string, signal?: AbortSignal): Promise<Float32Array | null>;
  /** For those who embed a lot at once: their failure lets it rest too. */
  failed(error: unknown): void;
};

/** @param onTrouble told why vectors are not in use, once for each time that they fail */
export const createVectors = (embedder: Embedder | null, onTrouble: (error: unknown) => void): Vectors => {
  let restUntil = 0;
  const resting = (): boolean => Date.now() < restUntil;
  const failed = (error: unknown): void => {
    restUntil = Date.now() + REST_MS;
    onTrouble(error);
  };
  return {
    embedder,
    resting,
    failed,
    async of(text, signal) {
      if (embedder === null || resting()) return null;
      try {
        return (await embedder.embed([text], signal))[0] ?? null;
      } catch (error) {
        signal?.throwIfAborted();
        failed(error);
        return null;
      }
    },
  };
};
