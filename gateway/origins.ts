import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where the node's own pages are. Behind a proxy they have another address, which must be configured. */
export const ownOrigins = (app: FastifyInstance): string[] => {
  const address = app.server.address();
  if (address === null || typeof address === 'string') return [];
  return hostsOf(address).map((host) => new URL(`http://${host}:${address.port}`).origin);
};

const hostsOf = ({ address, family }: AddressInfo): string[] => {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address)) return ['127.0.0.1', 'localhost', '[::1]'];
  return [family === 'IPv6' ? `[${address}]` : address];
};
