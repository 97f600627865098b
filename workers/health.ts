import Fastify from 'fastify';
import { register } from 'prom-client';

type HealthOptions = { host: string; port: number; ready: () => boolean };

/** Serves `/healthz` (the process answers), `/readyz` (its workers poll) and `/metrics` of a worker process. */
export const serveHealth = async ({ host, port, ready }: HealthOptions) => {
  const app = Fastify({ logger: false, requestTimeout: 5_000, forceCloseConnections: true });
  app.get('/healthz', () => 'ok\n');
  app.get('/readyz', (_request, reply) => reply.code(ready() ? 200 : 503).send(ready() ? 'ready\n' : 'not ready\n'));
  app.get('/metrics', async (_request, reply) => reply.type(register.contentType).send(await register.metrics()));
  const url = await app.listen({ host, port });
  return { url, close: () => app.close() };
};
