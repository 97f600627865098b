import fp from 'fastify-plugin';
import { within } from './deadline.ts';
import { NOBODY } from './greeting.ts';

/** A probe comes every few seconds and gives up soon. */
const CHECK_MS = 1_000;

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, and which of its dependencies is away. While the node
 * drains, Fastify itself answers both with 503.
 */
export default fp(
  async (app) => {
    const checks: Record<string, () => Promise<unknown>> = {
      temporal: () => app.conversations.check(),
      redis: () => app.events.head(NOBODY),
      postgres: () => app.transcripts.isClosed(NOBODY),
    };

    app.get('/healthz', async () => ({ status: 'ok' }));

    app.get('/readyz', async (_request, reply) => {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => {
          try {
            await within(CHECK_MS, name, check());
            return [name, 'ok'] as const;
          } catch {
            return [name, 'unavailable'] as const;
          }
        }),
      );
      const isReady = results.every(([, state]) => state === 'ok');
      return reply.code(isReady ? 200 : 503).send(Object.fromEntries(results));
    });
  },
  { name: 'health', dependencies: ['conversations', 'events', 'transcripts'] },
);
