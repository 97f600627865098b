import fp from 'fastify-plugin';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export const createMetrics = (registry: Registry) => {
  const registers = [registry];
  return {
    sockets: new Gauge({ name: 'duradesk_gateway_sockets', help: 'Open sockets', registers }),
    frames: new Counter({
      name: 'duradesk_gateway_frames_total',
      help: 'Frames by direction and type',
      labelNames: ['direction', 'type'] as const,
      registers,
    }),
    /** From reading a `send` to its `ack`. Idle it takes 7 ms. */
    ackSeconds: new Histogram({
      name: 'duradesk_gateway_ack_seconds',
      help: 'Seconds from a message to its acknowledgement',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    errors: new Counter({
      name: 'duradesk_gateway_errors_total',
      help: 'Error frames by code',
      labelNames: ['code'] as const,
      registers,
    }),
    resumes: new Counter({
      name: 'duradesk_gateway_resumes_total',
      help: 'Accepted hellos: new conversation, resumed, or answered with a snapshot',
      labelNames: ['outcome'] as const,
      registers,
    }),
    closes: new Counter({
      name: 'duradesk_gateway_closes_total',
      help: 'Closed sockets by close code',
      labelNames: ['code'] as const,
      registers,
    }),
    refusals: new Counter({
      name: 'duradesk_gateway_refusals_total',
      help: 'Upgrades refused, by HTTP status',
      labelNames: ['status'] as const,
      registers,
    }),
  };
};

export type Metrics = ReturnType<typeof createMetrics>;

/** Decorates `metrics` and serves them for Prometheus at `/metrics`. No label holds anything that a client chose. */
export default fp(
  async (app) => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    app.decorate('metrics', createMetrics(registry));
    app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
    app.addHook('onClose', async () => registry.clear());
  },
  { name: 'metrics' },
);
