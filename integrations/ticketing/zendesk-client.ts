import zendesk, { type ZendeskClient } from 'node-zendesk';
import type { Outbound, OutboundAnswer, OutboundRequest } from '../outbound.ts';
import { createRemoteApi } from '../remote-api.ts';

export type ZendeskOptions = {
  /** `https://acme.zendesk.com` */
  baseUrl: string;
  /** Of the agent that the API token acts for. */
  email: string;
  apiToken: string;
  outbound: Outbound;
  timeoutMs?: number;
};

/**
 * Makes clients of the package over our own transport: of its own, a redirect is followed, an answer with `Retry-After`
 * passes as a success, and a next page may lead anywhere.
 *
 * @returns a function that makes a client; `idempotencyKey` goes with each of its requests
 */
export const createZendeskClients = ({ baseUrl, email, apiToken, outbound, timeoutMs }: ZendeskOptions) => {
  const remote = createRemoteApi({ name: 'Zendesk', outbound, timeoutMs, origin: new URL(baseUrl).origin });

  const transportConfig = {
    transportFn: (url: string, { method, headers, body }: OutboundRequest) =>
      remote.send({ method, url, headers, ...(body ? { body } : {}) }),
    responseAdapter: ({ status, headers, text }: OutboundAnswer) => ({
      status,
      statusText: '',
      headers: { get: (name: string) => (name === 'content-type' ? headers.get(name) : null) },
      json: async (): Promise<unknown> => JSON.parse(text),
    }),
  };

  return (idempotencyKey?: string): ZendeskClient =>
    zendesk.createClient({
      username: email,
      token: apiToken,
      endpointUri: new URL('/api/v2', baseUrl).href,
      throwOriginalException: true,
      transportConfig,
      ...(idempotencyKey ? { customHeaders: { 'Idempotency-Key': idempotencyKey } } : {}),
    });
};
