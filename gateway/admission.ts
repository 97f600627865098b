import type { AddressInfo } from 'node:net';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import { createBuckets, createCap, type Limits } from './limits.ts';

export type AdmissionDeps = {
  app: FastifyInstance;
  origins: readonly string[];
  limits: Pick<Limits, 'perAddress' | 'arrivals'>;
};

/**
 * Decides before the upgrade. Browsers tell where a page came from and let every page try: an origin that is not listed
 * is refused, and so is none at all. Tokens belong in `hello`, since addresses end up in logs: no query string is taken.
 */
export const createAdmission = ({ app, origins, limits }: AdmissionDeps): onRequestHookHandler => {
  const addresses = createCap(limits.perAddress);
  const arrivals = createBuckets(limits.arrivals);
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  return (request, reply, done) => {
    const refuse = (status: 400 | 403 | 429, error: string): void => {
      app.metrics.refusals.inc({ status });
      void reply.code(status).send({ error });
    };
    // Not asked to be upgraded: the route answers that it is not there.
    if (!request.ws) return done();
    if (request.url.includes('?')) return refuse(400, 'no query string is accepted here');
    const { origin } = request.headers;
    if (origin === undefined || !(allowed.has(origin) || ownOrigins(app).includes(origin)))
      return refuse(403, 'origin not allowed');
    if (arrivals.take(request.ip) > 0 || !addresses.take(request.ip)) return refuse(429, 'too many connections');
    request.raw.socket.once('close', () => addresses.release(request.ip));
    done();
  };
};

/** Where the node's own page is. Behind a proxy it has another address, which belongs in DESK_ORIGINS. */
const ownOrigins = (app: FastifyInstance): string[] => {
  const address = app.server.address();
  if (address === null || typeof address === 'string') return [];
  return hostsOf(address).map((host) => new URL(`http://${host}:${address.port}`).origin);
};

const hostsOf = ({ address, family }: AddressInfo): string[] => {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address)) return ['127.0.0.1', 'localhost', '[::1]'];
  return [family === 'IPv6' ? `[${address}]` : address];
};
