import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds. A reply starts within one and is whole within ten; a turn may take sixty. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** What a worker counts. No label holds anything that a customer or a model wrote. */
export const createWorkerMetrics = (registry = new Registry()) => {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const looks: (() => void)[] = [];
  return {
    registry,
    /** Called before the metrics are read: for what is looked up and not counted. */
    beforeRead: (look: () => void): void => void looks.push(look),
    turns: new Counter({
      name: 'duradesk_turns_total',
      help: 'Turns that a customer asked for, by how they ended',
      labelNames: ['end'] as const,
      registers,
    }),
    turnSeconds: new Histogram({
      name: 'duradesk_turn_seconds',
      help: 'Seconds from the acceptance of a message to the end of its turn',
      buckets: BUCKETS,
      registers,
    }),
    firstDeltaSeconds: new Histogram({
      name: 'duradesk_first_delta_seconds',
      help: 'Seconds from the acceptance of a message to the first words of its reply',
      buckets: BUCKETS,
      registers,
    }),
    cachedReplies: new Counter({
      name: 'duradesk_cached_replies_total',
      help: 'Replies that were answers kept from before, without a model call',
      registers,
    }),
    slowPathTurns: new Counter({
      name: 'duradesk_slow_path_turns_total',
      help: 'Model rounds that went to the queue of the assistant, by what was away',
      labelNames: ['cause'] as const,
      registers,
    }),
    superseded: new Counter({
      name: 'duradesk_superseded_attempts_total',
      help: 'Attempts at a turn that another one overtook',
      registers,
    }),
    modelCalls: new Counter({
      name: 'duradesk_model_calls_total',
      help: 'Calls of the language model by result',
      labelNames: ['result'] as const,
      registers,
    }),
    modelSeconds: new Histogram({
      name: 'duradesk_model_seconds',
      help: 'Seconds from the request to the end of the answer, of calls that ended well',
      buckets: BUCKETS,
      registers,
    }),
    tokens: new Counter({
      name: 'duradesk_model_tokens_total',
      help: 'Tokens as the model server counted them',
      labelNames: ['direction'] as const,
      registers,
    }),
    queueAdmitted: new Counter({
      name: 'duradesk_model_queue_admitted_total',
      help: 'Calls that got a place at the model, by rank',
      labelNames: ['model', 'rank'] as const,
      registers,
    }),
    queueRefused: new Counter({
      name: 'duradesk_model_queue_refused_total',
      help: 'Calls that got no place in time, by rank; those of the fast path go on to the slow one',
      labelNames: ['model', 'rank'] as const,
      registers,
    }),
    queueWaitSeconds: new Histogram({
      name: 'duradesk_model_queue_wait_seconds',
      help: 'Seconds that a call waited for its place',
      labelNames: ['model', 'rank'] as const,
      buckets: [0.001, ...BUCKETS],
      registers,
    }),
    queueSlowDowns: new Counter({
      name: 'duradesk_model_queue_slow_downs_total',
      help: 'Answers of the model server that asked for fewer calls (429, or Retry-After)',
      labelNames: ['model'] as const,
      registers,
    }),
    queueStanding: new Gauge({
      name: 'duradesk_model_queue_calls',
      help: 'Calls of all workers that wait or talk, and how many may talk at once, as this worker last heard',
      labelNames: ['model', 'what'] as const,
      registers,
      collect() {
        for (const look of looks) look();
      },
    }),
    toolCalls: new Counter({
      name: 'duradesk_tool_calls_total',
      help: 'Tool calls by result',
      labelNames: ['result'] as const,
      registers,
    }),
    effects: new Counter({
      name: 'duradesk_effects_total',
      help: 'Attempts at an effect by the state they left it in; unknown ones need a person',
      labelNames: ['state'] as const,
      registers,
    }),
  };
};

export type WorkerMetrics = ReturnType<typeof createWorkerMetrics>;
