import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpProvider } from '../../../integrations/mcp.ts';
import type { ToolProvider } from '../../../integrations/tools.ts';
import { createFixtureServer } from './fixture-tools.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

let server: Server;
let provider: ToolProvider;
let sessions = new Map<string, StreamableHTTPServerTransport>();

/** As the SDK's own examples do it: one transport per session, found by its header. */
const mcp: Handler = async (request, response) => {
  const id = String(request.headers['mcp-session-id'] ?? '');
  const known = sessions.get(id);
  if (known) return known.handleRequest(request, response);
  if (id) {
    response.writeHead(404).end();
    return;
  }
  const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (session) => void sessions.set(session, transport),
  });
  await createFixtureServer().connect(transport);
  return transport.handleRequest(request, response);
};
let handler: Handler = mcp;

beforeAll(async () => {
  server = createServer((request, response) => void handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  provider = createMcpProvider({ name: 'remote', url: `http://127.0.0.1:${port}/mcp` });
});
afterAll(async () => {
  await provider.close();
  server.closeAllConnections();
  server.close();
});

const call = (name: string, args = {}, timeoutMs = 5_000) =>
  provider.call(name, args, new AbortController().signal, timeoutMs);

/** Serves with another handler until `during` is over. */
const serving = async <T>(other: Handler, during: () => Promise<T>): Promise<T> => {
  handler = other;
  try {
    return await during();
  } finally {
    handler = mcp;
  }
};

describe('tools of an MCP endpoint', () => {
  test('are listed and called in one session', async () => {
    expect((await provider.list()).map(({ name }) => name)).toContain('echo');
    expect(await call('echo', { text: 'hello' })).toEqual({ ok: true, content: 'hello' });
    expect(sessions.size).toBe(1);
  });

  test('a restart of the endpoint, which forgets its sessions, goes unnoticed', async () => {
    sessions = new Map();
    expect(await call('echo', { text: 'again' })).toEqual({ ok: true, content: 'again' });
    expect(sessions.size).toBe(1);
  });

  test('500 and HTML with 200 are no answers, and the next call is served again', async () => {
    const failing: Handler = (_request, response) => void response.writeHead(500).end('secret stack trace');
    await serving(failing, () =>
      expect(call('echo', { text: 'x' })).rejects.toMatchObject({
        name: 'ToolUnavailable',
        outcome: 'unknown',
        message: expect.not.stringContaining('secret'),
      }),
    );
    const html: Handler = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    await serving(html, () =>
      expect(call('echo', { text: 'x' })).rejects.toMatchObject({ name: 'ToolUnavailable', outcome: 'unknown' }),
    );
    expect(await call('echo', { text: 'y' })).toEqual({ ok: true, content: 'y' });
  });

  test('a redirect is not followed', async () => {
    let visited = 0;
    const other = createServer((_request, response) => {
      visited += 1;
      response.end();
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const location = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    const redirect: Handler = (_request, response) => void response.writeHead(307, { location }).end();
    await serving(redirect, () =>
      expect(call('echo', { text: 'x' })).rejects.toMatchObject({ name: 'ToolUnavailable' }),
    );
    other.close();
    expect(visited).toBe(0);
  });

  test('a call that takes too long is cancelled', async () => {
    await expect(call('sleep', {}, 200)).rejects.toMatchObject({ name: 'ToolUnavailable', outcome: 'unknown' });
    expect(await call('cancelled')).toEqual({ ok: true, content: '1' });
  });

  test('nobody listening is told apart from no answer', async () => {
    const nobody = createMcpProvider({ name: 'nobody', url: 'http://127.0.0.1:9/mcp' });
    await expect(nobody.list()).rejects.toMatchObject({ name: 'ToolUnavailable', outcome: 'not_sent' });
    await nobody.close();
  });
});
