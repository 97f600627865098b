import type { z } from 'zod';
import type { Outbound } from '../outbound.ts';
import { createRemoteApi, documented } from '../remote-api.ts';

export type JiraConnection = {
  /** `https://acme.atlassian.net` */
  baseUrl: string;
  /** Of the account that the API token acts for. */
  email: string;
  apiToken: string;
  outbound: Outbound;
  timeoutMs?: number;
};

/** Jira's REST API, parsed. There is no client package that lets its transport be replaced and does not retry. */
export const createJiraClient = ({ baseUrl, email, apiToken, outbound, timeoutMs }: JiraConnection) => {
  const remote = createRemoteApi({ name: 'Jira', outbound, timeoutMs, origin: new URL(baseUrl).origin });
  const headers = {
    authorization: `Basic ${Buffer.from(`${email}:${apiToken}`).toString('base64')}`,
    accept: 'application/json',
    'content-type': 'application/json',
  };

  const send = async (method: string, path: string, query: Record<string, string>, body?: object) => {
    const url = new URL(path, baseUrl);
    url.search = new URLSearchParams(query).toString();
    const answer = await remote.send({
      method,
      url: url.href,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return answer.text === '' ? null : (JSON.parse(answer.text) as unknown);
  };

  return {
    get: async <S extends z.ZodType>(path: string, query: Record<string, string>, schema: S): Promise<z.infer<S>> =>
      documented('Jira', schema, await send('GET', path, query)),
    post: async <S extends z.ZodType>(path: string, body: object, schema: S): Promise<z.infer<S>> =>
      documented('Jira', schema, await send('POST', path, {}, body)),
  };
};
