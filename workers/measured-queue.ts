import type { ModelQueue } from '../stream/model-queue.ts';
import type { WorkerMetrics } from './metrics.ts';

/** The queue in front of a model, counted. `model` is the label: `first` or `fallback`. */
export const measuredQueue = (queue: ModelQueue, model: string, metrics: WorkerMetrics): ModelQueue => {
  metrics.beforeRead(() => {
    for (const [what, count] of Object.entries(queue.standing())) metrics.queueStanding.set({ model, what }, count);
  });
  return {
    ...queue,
    async enter(request, signal) {
      const { rank } = request;
      const place = await queue.enter(request, signal);
      if (!place) {
        metrics.queueRefused.inc({ model, rank });
        return null;
      }
      metrics.queueAdmitted.inc({ model, rank });
      metrics.queueWaitSeconds.observe({ model, rank }, place.waitedMs / 1_000);
      return {
        waitedMs: place.waitedMs,
        leave(end) {
          if (end.result === 'slow_down') metrics.queueSlowDowns.inc({ model });
          place.leave(end);
        },
      };
    },
  };
};
