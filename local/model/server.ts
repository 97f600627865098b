import Fastify, { type FastifyInstance } from 'fastify';
import { ZodError, z } from 'zod';
import { type Controls, createControls, registerAdmin } from './admin.ts';
import { createCapacity } from './capacity.ts';
import { registerChatCompletions } from './chat-completions.ts';
import { errorBody } from './failures.ts';
import { createFaults } from './faults.ts';
import { DEMO, type Profile } from './profile.ts';
import { createRequestLog } from './request-log.ts';
import { MODEL } from './sending.ts';

export type LocalModel = Controls & {
  /** Base URL of the API, as `OPENAI_BASE_URL` wants it. */
  url: string;
  /** Stops listening and waits for the answers under way, at most `drainMs`. */
  stop(drainMs?: number): Promise<void>;
};

const DRAIN_MS = 5_000;
const LOOPBACK = '127.0.0.1';
const SWEEP_MS = 50;

/**
 * Starts the local model: an OpenAI-compatible server that answers from rules and from what the prompt holds.
 *
 * @param port 0 for one that is free
 * @param host loopback, or an address on a network that only the desk is on: there it answers to every name
 * @param profile how fast it answers; absent parts are the demo's
 */
export const startLocalModel = async ({
  port = 0,
  host = LOOPBACK,
  profile = {},
}: {
  port?: number;
  host?: string;
  profile?: Partial<Profile>;
} = {}): Promise<LocalModel> => {
  const settings = { profile: { ...DEMO, ...profile } };
  const faults = createFaults();
  const capacity = createCapacity();
  const log = createRequestLog();
  const controls = createControls(settings, faults, capacity, log);
  const stopping = new AbortController();

  const app = Fastify({ logger: false, bodyLimit: 4 * 1024 * 1024 });
  answerErrors(app);
  if (host === LOOPBACK) refuseForeignHosts(app);
  registerChatCompletions(app, { profile: () => settings.profile, faults, capacity, log, stopping: stopping.signal });
  registerAdmin(app, controls, faults);
  app.get('/v1/models', () => ({ object: 'list', data: [DESCRIPTION] }));
  app.get('/healthz', () => ({ status: 'ok' }));

  const address = await app.listen({ host, port });
  return {
    ...controls,
    url: `${address}/v1`,
    async stop(drainMs = DRAIN_MS) {
      stopping.abort('the server stops');
      const deadline = Date.now() + drainMs;
      // Clients keep their connections, and a connection is idle only once its answer has ended.
      const sweep = setInterval(
        () => (Date.now() < deadline ? app.server.closeIdleConnections() : app.server.closeAllConnections()),
        SWEEP_MS,
      );
      await app.close();
      clearInterval(sweep);
    },
  };
};

const DESCRIPTION = {
  id: MODEL,
  object: 'model',
  created: 1_735_689_600,
  owned_by: 'duradesk',
  description: 'Answers from rules and from the articles and tools in the prompt. It is not a language model.',
};

const answerErrors = (app: FastifyInstance): void => {
  app.setNotFoundHandler(({ method, url }, reply) =>
    reply.code(404).send(errorBody(404, `There is no ${method} ${url} here.`)),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error instanceof ZodError ? 400 : (error.statusCode ?? 500);
    const message = error instanceof ZodError ? z.prettifyError(error) : error.message;
    const param = error instanceof ZodError ? (error.issues[0]?.path.join('.') ?? null) : null;
    return reply.code(status).send(errorBody(status, message, param));
  });
};

/** A page whose name resolves to this address must not read prompts: only names of loopback are served. */
const refuseForeignHosts = (app: FastifyInstance): void => {
  app.addHook('onRequest', async ({ hostname }, reply) => {
    if (hostname === '127.0.0.1' || hostname === 'localhost') return;
    await reply.code(403).send(errorBody(403, 'This server answers to 127.0.0.1 and localhost only.'));
  });
};
