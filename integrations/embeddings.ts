/** What turns text into vectors whose dot product says how close two meanings are. */
export type Embedder = {
  /** Names model and file: vectors of two names are never compared. */
  name: string;
  /** One vector of length 1 for each text, in their order. Rejects with `EmbedderUnavailable`, or the signal's reason. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
};

/** No vectors now; the message says why and what to do. Whoever searches goes on without. */
export class EmbedderUnavailable extends Error {
  override readonly name = 'EmbedderUnavailable';
}

/** Brings a vector to length 1, in place; one of nothing but zeros stays so. */
export const toUnit = (vector: Float32Array): Float32Array => {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum) || 1;
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / length;
  return vector;
};

/** The cosine of two vectors of length 1. */
export const cosine = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
};
