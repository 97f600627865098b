import Fastify from 'fastify';
import type { Registry } from 'prom-client';

type HealthOptions = {
  host: string;
  port: number;
  ready: () => boolean;
  registry: Registry;
  /** Temporal's own metrics in the same format; what cannot be had within a second is left out of the page. */
  core: () => Promise<string>;
};

/** Serves `/healthz` (the process answers), `/readyz` (its workers poll) and `/metrics` of a worker process. */
export const serveHealth = async ({ host, port, ready, registry, core }: HealthOptions) => {
  const app = Fastify({ logger: false, requestTimeout: 5_000, forceCloseConnections: true });
  app.get('/healthz', () => 'ok\n');
  app.get('/readyz', (_request, reply) => reply.code(ready() ? 200 : 503).send(ready() ? 'ready\n' : 'not ready\n'));
  app.get('/metrics', async (_request, reply) => {
    const [ours, temporal] = await Promise.all([registry.metrics(), core().catch(() => '')]);
    return reply.type(registry.contentType).send(`${ours}${temporal}`);
  });
  const url = await app.listen({ host, port });
  return { url, close: () => app.close() };
};
