import type { WorkerConfig } from '../config.ts';
import { createMiniLm, type LocalEmbedder } from '../integrations/minilm.ts';
import { createOpenAiEmbedder } from '../integrations/openai-embeddings.ts';

/** The embedder of `DESK_EMBEDDINGS`; `null` for none, and where it cannot be had, which a worker goes on without. */
export const openEmbedder = async (
  config: Pick<WorkerConfig, 'DESK_EMBEDDINGS' | 'OPENAI_BASE_URL' | 'OPENAI_API_KEY'>,
  onTrouble: (error: unknown) => void,
): Promise<LocalEmbedder | null> => {
  const [, kind, which = ''] = /^(\w+):(.*)$/.exec(config.DESK_EMBEDDINGS) ?? [];
  if (kind === 'openai') {
    const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey } = config;
    return { ...createOpenAiEmbedder({ baseUrl, apiKey, model: which }), close: async () => {} };
  }
  if (kind !== 'minilm') return null;
  try {
    return await createMiniLm(which);
  } catch (error) {
    onTrouble(error);
    return null;
  }
};
