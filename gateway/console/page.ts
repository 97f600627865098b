import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** As the customer page's: what the console brings along and nothing else. What its components need is in its style sheets. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join(';');

/** Serves the built console from `webRoot`, an absolute path; addresses within it are its own and lead to its one page. */
export const page = async (app: FastifyInstance, webRoot: string): Promise<void> => {
  const index = join(webRoot, 'index.html');
  await app.register(
    async (scope) => {
      scope.addHook('onSend', async (_request, reply) => {
        reply.header('content-security-policy', POLICY);
      });
      await scope.register(import('@fastify/static'), { root: webRoot, decorateReply: false, index: false });
      const serve = async (_request: FastifyRequest, reply: FastifyReply) =>
        reply.type('text/html; charset=utf-8').send(await readFile(index, 'utf8'));
      // Without a slash it leads here: the page names its files relative to it.
      scope.get('/', { prefixTrailingSlash: 'slash' }, serve);
      scope.setNotFoundHandler((request, reply) => {
        const isPage = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
        return isPage ? serve(request, reply) : reply.code(404).send({ error: 'not found' });
      });
    },
    { prefix: '/console' },
  );
  app.get('/console', async (_request, reply) => reply.redirect('/console/', 308));
};
