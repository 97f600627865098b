import { toUnit } from '../../integrations/embeddings.ts';

/**
 * Vectors of one embedder lean the same way; what they are told apart by is where each differs from their mean. The result takes
 * the mean of `vectors` off another and makes it length 1 again.
 */
export const centring = (vectors: readonly Float32Array[]): ((vector: Float32Array) => Float32Array) => {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let i = 0; i < mean.length; i += 1) mean[i] = (mean[i] ?? 0) + (vector[i] ?? 0) / vectors.length;
  return (vector) => toUnit(vector.map((value, i) => value - (mean[i] ?? 0)));
};
