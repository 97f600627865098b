import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StoreUnavailable } from '../../store/database.ts';
import { StreamUnavailable } from '../../stream/connection.ts';
import { conversationRoutes } from './conversations.ts';
import { type ConsoleCookies, consoleCookies } from './cookies.ts';
import { Declined } from './declined.ts';
import { doingRoutes } from './doing.ts';
import { floorRoutes } from './floor.ts';
import { openIdRoutes } from './open-id.ts';
import { refuseOthers } from './own-origin.ts';
import type { ApiDeps, ApiOptions } from './request.ts';
import { isAtLeast, neededFor } from './roles.ts';
import { selfRoutes } from './self.ts';
import { signInRoutes } from './sign-in.ts';

const PREFIX = '/console/api';

/** A message of 4,000 characters, escaped, or the arguments of an action. Bytes. */
const BODY_LIMIT = 64 * 1024;

/** `contracts/console.ts` over HTTP. Who may call what is in `roles.ts`. */
export const api = async (app: FastifyInstance, options: ApiOptions): Promise<void> => {
  const cookies = consoleCookies(options.isSecure);
  await app.register(
    async (scope) => {
      await scope.register(cookie);
      scope.decorateRequest('agent', null);
      // A form can be posted from any page, and JSON cannot.
      scope.removeContentTypeParser('text/plain');
      scope.addHook('onRoute', (route) => {
        if (neededFor(String(route.method), route.url.slice(PREFIX.length)) === undefined)
          throw new Error(`${route.method} ${route.url} has no row in gateway/console/roles.ts`);
        route.bodyLimit = BODY_LIMIT;
      });
      scope.setErrorHandler(answerError);
      scope.addHook('onRequest', refuseOthers(options.origin));
      scope.addHook('onRequest', (request, reply) => authorise(scope, cookies, request, reply));
      const deps: ApiDeps = { ...options, cookies };
      signInRoutes(scope, deps);
      openIdRoutes(scope, deps);
      selfRoutes(scope, deps);
      conversationRoutes(scope, deps);
      doingRoutes(scope);
      floorRoutes(scope, deps);
    },
    { prefix: PREFIX },
  );
};

const authorise = async (
  app: FastifyInstance,
  { session }: ConsoleCookies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> => {
  // What is asked for here is one person's, now.
  reply.header('cache-control', 'no-store');
  const needed = neededFor(request.method, request.routeOptions.url?.slice(PREFIX.length) ?? '');
  if (needed === 'anybody' || needed === undefined) return;
  const token = request.cookies[session.name];
  request.agent = token ? await app.console.sessions.find(token) : null;
  if (!request.agent) throw new Declined(401, 'sign in');
  if (!isAtLeast(request.agent.role, needed)) throw new Declined(403, `only for a ${needed}`);
};

const answerError = (error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply) => {
  const isAway = error instanceof StoreUnavailable || error instanceof StreamUnavailable;
  const status = isAway ? 503 : (error.statusCode ?? 500);
  if (status >= 500) request.log.warn({ err: error, cause: String(error.cause ?? '') }, 'not served');
  const text =
    error instanceof Declined
      ? error.message
      : isAway
        ? 'Postgres or Redis is away: send the same again'
        : status >= 500
          ? 'internal error'
          : 'bad request';
  return reply.code(status).send({ error: text });
};
