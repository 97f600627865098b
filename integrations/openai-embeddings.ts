import OpenAI from 'openai';
import { type Embedder, EmbedderUnavailable, toUnit } from './embeddings.ts';

/** Inputs of one request; OpenAI takes 2,048, smaller servers a few dozen. */
const BATCH = 64;

export type OpenAiEmbedderOptions = { baseUrl: string; apiKey: string; model: string; timeoutMs?: number };

/**
 * Speaks Embeddings to any OpenAI-compatible server. A question that has no vector within 2 s is searched by its words,
 * since a customer waits for it; retries are the caller's, as with the language model.
 */
export const createOpenAiEmbedder = ({
  baseUrl,
  apiKey,
  model,
  timeoutMs = 2_000,
}: OpenAiEmbedderOptions): Embedder => {
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    timeout: timeoutMs,
    fetchOptions: { redirect: 'manual' },
  });
  const request = async (input: string[], signal: AbortSignal | undefined): Promise<Float32Array[]> => {
    const { data } = await client.embeddings.create(
      { model, input, encoding_format: 'float' },
      { signal: signal ?? null },
    );
    if (data.length !== input.length)
      throw new EmbedderUnavailable(`"${model}" gave ${data.length} vectors for ${input.length} texts`);
    const inOrder = [...data].sort((a, b) => a.index - b.index);
    return inOrder.map(({ embedding }) => toUnit(Float32Array.from(embedding)));
  };
  return {
    name: `openai:${model}`,
    async embed(texts, signal) {
      const vectors: Float32Array[] = [];
      try {
        for (let at = 0; at < texts.length; at += BATCH)
          vectors.push(...(await request(texts.slice(at, at + BATCH), signal)));
        return vectors;
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof EmbedderUnavailable) throw error;
        const status =
          error instanceof OpenAI.APIError && error.status !== undefined
            ? `answered ${error.status}`
            : 'did not answer';
        throw new EmbedderUnavailable(
          `the embeddings server ${status}; check OPENAI_BASE_URL and the model "${model}" of DESK_EMBEDDINGS`,
          { cause: error },
        );
      }
    },
  };
};
