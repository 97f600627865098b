import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import agentsConsole, { type ConsoleOptions } from './console/console.ts';
import health from './health.ts';
import { LIMITS, type Limits } from './limits.ts';
import metrics from './metrics.ts';
import page from './page.ts';
import sockets, { type SocketsOptions } from './sockets.ts';
import { type WebhookOptions, webhookRoute } from './webhooks/route.ts';

export type GatewayOptions = Omit<SocketsOptions, 'limits'> & {
  /** Registers the plugins `conversations`, `events` and `transcripts`: real ones in `main.ts`, doubles in tests. */
  backing(app: FastifyInstance): Promise<void>;
  /** Built customer page; without it only sockets and probes are served. */
  webRoot?: string | undefined;
  limits?: Partial<Limits>;
  /** Without it no webhook is taken. */
  webhooks?: WebhookOptions | undefined;
  /** Without it there is no console of agents; with it `backing` registers `console-backing` too. */
  agentsConsole?: Omit<ConsoleOptions, 'limits' | 'secret'> | undefined;
  logger: FastifyBaseLogger;
};

/** Nothing is posted here, and no probe or file takes long: whoever is slower wants to keep a socket busy. Milliseconds. */
const HTTP = {
  bodyLimit: 16 * 1024,
  requestTimeout: 5_000,
  connectionTimeout: 30_000,
  keepAliveTimeout: 10_000,
  http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024 },
};

/** The gateway without its dependencies. It holds no state that another node would need. */
export const createGateway = async (options: GatewayOptions): Promise<FastifyInstance> => {
  const { backing, webRoot, limits, logger, webhooks, agentsConsole: ofAgents, ...rest } = options;
  const app: FastifyInstance = Fastify({
    ...HTTP,
    loggerInstance: logger,
    // Its lines hold addresses, and an address may hold a token that somebody put there.
    logController: new LogController({ disableRequestLogging: true }),
    // Its own answer to an address that cannot be read repeats it.
    frameworkErrors: (_error, _request, reply) => reply.callNotFound(),
    trustProxy: false,
    forceCloseConnections: 'idle',
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not found' }));
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: error }, 'request failed');
    return reply.code(status).send({ error: status >= 500 ? 'internal error' : 'bad request' });
  });
  await app.register(page, { webRoot });
  await app.register(metrics);
  await backing(app);
  await app.register(health);
  if (webhooks) await webhookRoute(app, webhooks);
  const allLimits = { ...LIMITS, ...limits };
  await app.register(sockets, { ...rest, limits: allLimits });
  if (ofAgents) await app.register(agentsConsole, { ...ofAgents, limits: allLimits, secret: rest.secret });
  return app;
};
