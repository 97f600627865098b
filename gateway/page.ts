import helmet from '@fastify/helmet';
import fp from 'fastify-plugin';

/**
 * Serves the customer page from `webRoot`, an absolute path. The policy allows what the page brings along and nothing
 * else: no inline code, no other host, no frame around it. `connect-src 'self'` covers the socket of the same origin.
 */
export default fp<{ webRoot?: string | undefined }>(
  async (app, { webRoot }) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'"],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      // Belongs to whoever ends TLS in front of the gateway.
      strictTransportSecurity: false,
    });
    if (webRoot !== undefined) await app.register(import('@fastify/static'), { root: webRoot });
  },
  { name: 'page' },
);
