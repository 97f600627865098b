import type { FastifyRequest } from 'fastify';
import { Declined } from './declined.ts';

/** Where the console is opened: one address behind a proxy, else those that the node listens at. */
export type OwnOrigin = () => readonly string[];

/**
 * Another site can make a browser send anything with its cookies, and cannot hide that it does. What changes something comes
 * from the console's own page, as JSON. Reading needs no such proof, since no other page may see the answer.
 */
export const refuseOthers = (own: OwnOrigin) => async (request: FastifyRequest) => {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (!isOwn(own, request))
    throw new Declined(403, 'not from this page: set DESK_PUBLIC_URL to the address of the console');
  if (!/^application\/json(;|$)/i.test(request.headers['content-type'] ?? '')) throw new Declined(415, 'only JSON');
};

/** Browsers send `Origin` with everything but plain reading; the newer `Sec-Fetch-Site` must not contradict it. */
export const isOwn = (own: OwnOrigin, { headers }: Pick<FastifyRequest, 'headers'>): boolean => {
  const site = headers['sec-fetch-site'];
  return (
    headers.origin !== undefined && own().includes(headers.origin) && (site === undefined || site === 'same-origin')
  );
};
