import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CallToolResultSchema,
  ErrorCode,
  ListToolsResultSchema,
  McpError,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { causeOf, createMcpConnection, type McpServer } from './mcp-connection.ts';
import { toOffered, toResult } from './mcp-results.ts';
import { refusedCall } from './tool-text.ts';
import { type OfferedTool, type ToolProvider, type ToolResult, ToolUnavailable } from './tools.ts';

/** For one page of the tool list. */
const LIST_MS = 10_000;

/** A server that always names a next page would hold us for ever. */
const MAX_PAGES = 20;

/** The caller's signal ends a call in time; the SDK's own limit (60 s) only has to be out of its way. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * The tools of one MCP server. The SDK's `listTools` and `callTool` are left aside: they compile and check output schemas,
 * and one that does not compile would cost the whole server. What comes back is untrusted text to us either way.
 */
export const createMcpProvider = (server: McpServer): ToolProvider => {
  const connection = createMcpConnection(server);
  const lists = new WeakMap<Client, Promise<OfferedTool[]>>();

  type Call = {
    params: { name: string; arguments: Record<string, unknown> };
    signal: AbortSignal;
    onSent: (client: Client) => void;
  };

  const attempt = async (call: Call, mayRenew: boolean): Promise<ToolResult> => {
    const client = await unlessAborted(connection.client(), call.signal);
    call.onSent(client);
    try {
      const request = { method: 'tools/call' as const, params: call.params };
      return toResult(await client.request(request, CallToolResultSchema, { signal: call.signal, timeout: NEVER_MS }));
    } catch (error) {
      if (call.signal.aborted) throw error;
      if (error instanceof McpError && error.code !== ErrorCode.ConnectionClosed) return refusedCall(error.message);
      if (!mayRenew || !isUnknownSession(error)) throw error;
      await connection.drop(client);
      return attempt(call, false);
    }
  };

  return {
    name: server.name,

    async list() {
      const client = await connection.client();
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
        lists.delete(client);
      });
      const tools = lists.get(client) ?? fetchTools(client);
      lists.set(client, tools);
      try {
        return await tools;
      } catch (error) {
        lists.delete(client);
        throw new ToolUnavailable(`tool provider "${server.name}" lists no tools (${causeOf(error)})`, 'not_sent');
      }
    },

    async call(name, args, signal, timeoutMs) {
      signal.throwIfAborted();
      let asked: Client | undefined;
      const onSent = (client: Client) => {
        asked = client;
      };
      const unavailable = (why: string) =>
        new ToolUnavailable(`tool provider "${server.name}" ${why}`, asked ? 'unknown' : 'not_sent');
      const limit = new AbortController();
      const abort = () => limit.abort(signal.reason);
      const expire = () => {
        limit.abort(unavailable(`did not answer within ${timeoutMs} ms`));
        if (asked) void connection.check(asked);
      };
      const timer = setTimeout(expire, timeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      try {
        return await attempt({ params: { name, arguments: args }, signal: limit.signal, onSent }, true);
      } catch (error) {
        if (limit.signal.aborted) throw limit.signal.reason;
        throw error instanceof ToolUnavailable ? error : unavailable(`failed during a call (${causeOf(error)})`);
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
      }
    },

    close: connection.close,
  };
};

const fetchTools = async (client: Client): Promise<OfferedTool[]> => {
  const tools: OfferedTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const request = { method: 'tools/list' as const, params: cursor === undefined ? {} : { cursor } };
    const listed = await client.request(request, ListToolsResultSchema, { timeout: LIST_MS });
    tools.push(...listed.tools.map(toOffered));
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
};

/** The endpoint started anew and knows our session no more: the call was not looked at. Servers answer 404 or 400. */
const isUnknownSession = (error: unknown): boolean =>
  error instanceof StreamableHTTPError && (error.code === 404 || error.code === 400);

const unlessAborted = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
