import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify';
import { createBuckets, createCap, type Limits } from './limits.ts';
import { ownOrigins } from './origins.ts';

export type AdmissionDeps = {
  app: FastifyInstance;
  /** Whether a page that opens a socket may. */
  admits(request: Pick<FastifyRequest, 'headers'>): boolean;
  limits: Pick<Limits, 'perAddress' | 'arrivals'>;
};

/**
 * Decides before the upgrade. Browsers tell where a page came from and let every page try: one that is not admitted is
 * refused. Tokens belong in `hello`, since addresses end up in logs: no query string is taken.
 */
export const createAdmission = ({ app, admits, limits }: AdmissionDeps): onRequestHookHandler => {
  const addresses = createCap(limits.perAddress);
  const arrivals = createBuckets(limits.arrivals);
  return (request, reply, done) => {
    const refuse = (status: 400 | 403 | 429, error: string): void => {
      app.metrics.refusals.inc({ status });
      void reply.code(status).send({ error });
    };
    // Not asked to be upgraded: the route answers that it is not there.
    if (!request.ws) return done();
    if (request.url.includes('?')) return refuse(400, 'no query string is accepted here');
    if (!admits(request)) return refuse(403, 'origin not allowed');
    if (arrivals.take(request.ip) > 0 || !addresses.take(request.ip)) return refuse(429, 'too many connections');
    request.raw.socket.once('close', () => addresses.release(request.ip));
    done();
  };
};

/** Admits the origins that are listed, and the node's own page. No origin at all is none of them. */
export const fromOrigins = (app: FastifyInstance, origins: readonly string[]): AdmissionDeps['admits'] => {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  return ({ headers: { origin } }) => origin !== undefined && (allowed.has(origin) || ownOrigins(app).includes(origin));
};
