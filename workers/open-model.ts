import { queuedModel } from '../activities/queued-model.ts';
import type { WorkerConfig } from '../config.ts';
import { withFallback } from '../integrations/fallback-model.ts';
import type { ChatModel } from '../integrations/model.ts';
import { createOpenAiModel } from '../integrations/openai.ts';
import { promptedTools } from '../integrations/prompted-tools.ts';
import type { connectCommands } from '../stream/connection.ts';
import { createModelQueue } from '../stream/redis-model-queue.ts';
import { measuredModel } from './measured.ts';
import { measuredQueue } from './measured-queue.ts';
import type { WorkerMetrics } from './metrics.ts';

type Connection = ReturnType<typeof connectCommands>;

type ModelParts = { redis: Connection; subscriber: Connection; metrics: WorkerMetrics; onAway(error: Error): void };

/** The model of the settings behind its queue, with another one in reserve where there is one. */
export const openModel = (config: WorkerConfig, parts: ModelParts): { model: ChatModel; close(): void } => {
  const first = queued(parts, config, 'first', {
    baseUrl: config.OPENAI_BASE_URL,
    apiKey: config.OPENAI_API_KEY,
    model: config.DESK_MODEL,
  });
  if (config.DESK_FALLBACK_MODEL === undefined) return first;
  const fallback = queued(parts, config, 'fallback', {
    baseUrl: config.DESK_FALLBACK_BASE_URL ?? config.OPENAI_BASE_URL,
    apiKey: config.DESK_FALLBACK_API_KEY ?? config.OPENAI_API_KEY,
    model: config.DESK_FALLBACK_MODEL,
  });
  return {
    model: withFallback(first.model, fallback.model),
    close() {
      first.close();
      fallback.close();
    },
  };
};

const queued = (
  { redis, subscriber, metrics, onAway }: ModelParts,
  config: WorkerConfig,
  label: string,
  server: Parameters<typeof createOpenAiModel>[0],
): { model: ChatModel; close(): void } => {
  const queue = createModelQueue(redis, subscriber, {
    model: `${server.baseUrl} ${server.model}`,
    limits: {
      concurrency: config.DESK_MODEL_CONCURRENCY,
      requestsPerMinute: config.DESK_MODEL_REQUESTS_PER_MINUTE,
      tokensPerMinute: config.DESK_MODEL_TOKENS_PER_MINUTE,
    },
    onAway,
  });
  const spoken = createOpenAiModel(server);
  const model = measuredModel(config.DESK_MODEL_TOOLS === 'prompted' ? promptedTools(spoken) : spoken, metrics);
  return { model: queuedModel(model, measuredQueue(queue, label, metrics)), close: queue.close };
};
