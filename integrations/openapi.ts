import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { DocumentRefused, type Operation, readOperations } from './openapi-document.ts';
import { toRequest } from './openapi-request.ts';
import { NotAnswered, type Outbound, type OutboundAnswer } from './outbound.ts';
import { refusedCall, toolResult } from './tool-text.ts';
import { type ToolProvider, type ToolResult, ToolUnavailable } from './tools.ts';

export type OpenApiServer = {
  name: string;
  /** A file, or an address starting with http. */
  document: string;
  server?: string;
  operations: readonly string[];
  /** Headers with secrets, sent with every call and with nothing else. */
  auth: Record<string, string>;
  /** Its own: closed with it. */
  outbound: Outbound;
};

/** For the document; a turn may wait for it, once. */
const DOCUMENT_MS = 5_000;

/** After a document that could not be had the next attempt waits, or every message of every customer would wait for it. */
const PAUSE_MS = 30_000;

/** Time-out and too early: whether it was done is not known. */
const UNDECIDED = [408, 425];

/**
 * Operations of an HTTP API as tools. The document is read once, when it is first needed. Calls go to its server and
 * nowhere else; no error holds a header, or what the server said.
 */
export const createOpenApiProvider = (options: OpenApiServer): ToolProvider => {
  const { name, auth, outbound } = options;
  let loading: Promise<Map<string, Operation>> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  const unavailable = (why: string, outcome: ToolUnavailable['outcome']) =>
    new ToolUnavailable(`tool provider "${name}" ${why}`, outcome);

  const load = async (): Promise<Map<string, Operation>> => {
    try {
      return await readOperations(parse(await readDocument(options)), {
        operations: options.operations,
        ...(options.server !== undefined && { server: options.server }),
        ...(isAddress(options.document) && { address: options.document }),
      });
    } catch (error) {
      failedAt = Date.now();
      loading = undefined;
      const why =
        error instanceof DocumentRefused || error instanceof NotAnswered ? error.message : 'it is not readable';
      // A query may hold a key.
      const [where] = options.document.split('?');
      throw unavailable(`has no usable document (${where}): ${why}`, 'not_sent');
    }
  };

  const operations = (): Promise<Map<string, Operation>> => {
    if (closed) throw unavailable('is closed', 'not_sent');
    if (!loading && Date.now() - failedAt < PAUSE_MS)
      throw unavailable('had no usable document a moment ago', 'not_sent');
    loading ??= load();
    return loading;
  };

  return {
    name,

    list: async () => [...(await operations()).values()].map(({ tool }) => tool),

    async call(tool, args, signal, timeoutMs) {
      signal.throwIfAborted();
      const until = Date.now() + timeoutMs;
      const operation = (await operations()).get(tool);
      if (!operation) return refusedCall('There is no tool of this name.');
      const built = toRequest(operation, args, auth);
      if (!built.ok) return refusedCall(built.message);
      const left = until - Date.now();
      if (left <= 0) throw unavailable(`did not answer within ${timeoutMs} ms`, 'not_sent');
      try {
        return toResult(await outbound.send(built.request, left, signal), unavailable);
      } catch (error) {
        if (!(error instanceof NotAnswered)) throw error;
        throw unavailable(`gave no answer: ${error.message}`, error.outcome);
      }
    },

    async close() {
      closed = true;
      await outbound.close();
    },
  };
};

const isAddress = (document: string): boolean => /^https?:/.test(document);

const readDocument = async ({ document, outbound }: OpenApiServer): Promise<string> => {
  if (!isAddress(document)) return readFile(document, 'utf8');
  const { status, text } = await outbound.send({ method: 'GET', url: document, headers: {} }, DOCUMENT_MS);
  if (status !== 200) throw new DocumentRefused(`its address answers ${status}`);
  return text;
};

/** Whatever the API says of the request is an answer for the model; what a proxy or a broken server says is none. */
const toResult = (
  { status, headers, text }: OutboundAnswer,
  unavailable: (why: string, outcome: ToolUnavailable['outcome']) => ToolUnavailable,
): ToolResult => {
  if (status === 429) throw unavailable('is over its limit (429)', 'not_sent');
  if (status >= 500 || UNDECIDED.includes(status)) throw unavailable(`failed (${status})`, 'unknown');
  if (status < 200 || (status >= 300 && status < 400))
    throw unavailable(`redirects (${status}): set server to the address it redirects to`, 'unknown');
  const ok = status < 300;
  const type = headers.get('content-type') ?? '';
  if (text === '') return toolResult(ok, { status });
  const isJson = /^application\/([\w.-]+\+)?json\b/.test(type);
  const json = isJson ? parsed(text) : undefined;
  if (json !== undefined) return toolResult(ok, json);
  if (isJson || /^text\/html\b/.test(type)) throw unavailable(`answered ${status} with no JSON`, 'unknown');
  return toolResult(ok, /^text\//.test(type) ? text : { status, leftOut: type.slice(0, 100) });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
