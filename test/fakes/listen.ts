import Fastify, { type FastifyInstance } from 'fastify';

/** A fake's server. Bodies are parsed as the real ones do it: whatever the type, JSON or a form. */
export const createServer = (): FastifyInstance => {
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 1024 * 1024 });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  return app;
};

/** On loopback, on a free port. */
export const listen = async (app: FastifyInstance) => {
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
};

/** An effect that the outside world would see. */
export type Effect = { kind: string; id: string; key: string | null };
