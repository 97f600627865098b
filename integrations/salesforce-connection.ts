import { PassThrough } from 'node:stream';
import { Connection } from 'jsforce';
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { z } from 'zod';
import type { Outbound, OutboundRequest } from './outbound.ts';
import { createRemoteApi, documented, RemoteRefused, RemoteUnavailable } from './remote-api.ts';

const VERSION = '62.0';

export type SalesforceOptions = {
  /** The org's own domain, like `https://acme.my.salesforce.com`. */
  loginUrl: string;
  clientId: string;
  clientSecret: string;
  /** Of a user who once allowed it; without one the client credentials flow is used. */
  refreshToken?: string;
  outbound: Outbound;
  timeoutMs?: number;
};

const session = z.object({ access_token: z.string().min(1), instance_url: z.url() });

/**
 * A jsforce connection over our own transport. The package's retries, redirects and token refresh stay out: its refresh
 * asks for a new token for ever when the new one is refused as well, and wraps what went wrong.
 *
 * @returns a function that resolves with the connection once it has a session
 */
export const createSalesforceConnection = (options: SalesforceOptions) => {
  const { loginUrl, clientId, clientSecret, refreshToken, outbound, timeoutMs } = options;
  const remote = createRemoteApi({
    name: 'Salesforce',
    outbound,
    timeoutMs,
    // A limit of calls, and a record that somebody else is saving.
    temporary: ['REQUEST_LIMIT_EXCEEDED', 'UNABLE_TO_LOCK_ROW'],
  });
  const connection = new Connection({ version: VERSION });
  let login: Promise<void> | undefined;

  const signIn = async (): Promise<void> => {
    const grant = refreshToken
      ? { grant_type: 'refresh_token', refresh_token: refreshToken }
      : { grant_type: 'client_credentials' };
    const answer = await remote.send({
      method: 'POST',
      url: new URL('/services/oauth2/token', loginUrl).href,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...grant, client_id: clientId, client_secret: clientSecret }).toString(),
    });
    const { access_token, instance_url } = documented('Salesforce', session, JSON.parse(answer.text || 'null'));
    connection.accessToken = access_token;
    connection.instanceUrl = new URL(instance_url).origin;
  };

  /** One sign-in at a time, shared by all who need it; the next need after a failure tries again. */
  const signedIn = async (rejected?: string): Promise<void> => {
    if (connection.accessToken && connection.accessToken !== rejected) return;
    login ??= signIn().finally(() => {
      login = undefined;
    });
    try {
      await login;
    } catch (error) {
      if (!(error instanceof RemoteUnavailable)) throw error;
      // A sign-in changes nothing in the org, whatever became of it.
      throw new RemoteUnavailable(error.message, 'not_sent', error.retryAfterMs);
    }
  };

  const send = async (request: OutboundRequest) => {
    const token = connection.accessToken ?? '';
    const answer = await remote.send(authorised(request, token), [401]);
    if (answer.status !== 401) return answer;
    await signedIn(token);
    return remote.send(authorised(request, connection.accessToken ?? ''));
  };

  connection._transport = {
    httpRequest: (request) => {
      const { url, method, headers = {}, body } = request;
      if (body && typeof body !== 'string') throw new RemoteRefused('Salesforce: only text can be sent', 0);
      return StreamPromise.create(() => ({
        stream: new PassThrough(),
        promise: send({ url, method, headers, ...(body ? { body } : {}) }).then((answer) => ({
          statusCode: answer.status,
          headers: Object.fromEntries(answer.headers),
          body: answer.text,
        })),
      }));
    },
    getRequestStreamCreator: () => () => new PassThrough(),
  };

  return async () => {
    await signedIn();
    return connection;
  };
};

const authorised = (request: OutboundRequest, token: string): OutboundRequest => ({
  ...request,
  headers: { ...request.headers, Authorization: `Bearer ${token}` },
});
