import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ToolUnavailable } from './tools.ts';

/**
 * A child process that speaks MCP on stdin and stdout, or a streamable HTTP endpoint, whose redirects are not followed. Of
 * our environment the child gets PATH, HOME, USER and the like and nothing else; what it writes to stderr goes to ours.
 */
export type McpServer =
  | { name: string; command: string; args: string[]; env: Record<string, string>; cwd: string }
  | { name: string; url: string };

/** A cold `node --import tsx` takes about 1 s on a busy machine. */
const CONNECT_MS = 10_000;

/** After a failed start the next one waits, or a broken command would be spawned once per customer message. */
const RESTART_PAUSE_MS = 1_000;

/** For a ping to a peer that let a call run out of time. */
const PING_MS = 2_000;

/** Opens nothing before the first use, and again when the child died or the peer was lost. */
export const createMcpConnection = (server: McpServer) => {
  let link: { client: Client; ready: Promise<void> } | undefined;
  let restUntil = 0;
  let closed = false;

  const refusal = (why: string) => new ToolUnavailable(`tool provider "${server.name}" ${why}`, 'not_sent');

  const start = () => {
    const client = new Client({ name: 'duradesk', version: '1' });
    client.onclose = () => forget(client);
    return { client, ready: client.connect(transportTo(server), { timeout: CONNECT_MS }) };
  };

  const forget = (client: Client): void => {
    if (link?.client === client) link = undefined;
  };

  /** The peer behind this client is of no more use; the next call connects anew. Never rejects. */
  const drop = async (client: Client): Promise<void> => {
    forget(client);
    await client.close().catch(() => undefined);
  };

  return {
    drop,

    /** The connected client, shared by all callers. Rejects with `ToolUnavailable`. */
    async client(): Promise<Client> {
      if (closed) throw refusal('is closed');
      if (!link && Date.now() < restUntil) throw refusal('could not be started a moment ago');
      link ??= start();
      const { client, ready } = link;
      try {
        await ready;
      } catch (error) {
        restUntil = Date.now() + RESTART_PAUSE_MS;
        forget(client);
        throw refusal(`cannot be reached (${causeOf(error)})`);
      }
      return client;
    },

    /** After a time-out: a peer that does not even answer a ping is frozen, and is replaced instead of asked again. */
    async check(client: Client): Promise<void> {
      await client.ping({ timeout: PING_MS }).catch(() => drop(client));
    },

    /** Ends the child: its stdin closes, after 2 s SIGTERM, after 2 more SIGKILL. Calls in flight fail. */
    async close(): Promise<void> {
      closed = true;
      if (link) await drop(link.client);
    },
  };
};

const transportTo = (server: McpServer): Transport =>
  'url' in server
    ? new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { redirect: 'error' } })
    : new StdioClientTransport({ ...server, stderr: 'inherit' });

/** A short name for what went wrong. Messages of others are left out: they may hold bodies, addresses or secrets. */
export const causeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  if ('cause' in error && error.cause) return causeOf(error.cause);
  return [('name' in error && error.name) || 'unknown error', 'code' in error && error.code].filter(Boolean).join(' ');
};
