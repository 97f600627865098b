import { z } from 'zod';
import { NotAnswered, type Outbound, type OutboundAnswer, type OutboundRequest } from './outbound.ts';
import { retryAfterMs } from './retry-after.ts';

/** A provider answers within 1 to 3 s; one that needs longer is in trouble, and the look-up that follows will tell. */
const TIMEOUT_MS = 10_000;

export type RemoteOptions = {
  /** As people call it, for error messages: `Zendesk`. */
  name: string;
  outbound: Pick<Outbound, 'send'>;
  timeoutMs?: number | undefined;
  /** The only origin to send to; a link to a next page must not lead elsewhere. Left out where the provider assigns it. */
  origin?: string;
  /** Codes of 4xx answers that only mean "not now". */
  temporary?: readonly string[];
};

/** HTTP to one provider. What comes back is the JSON of a 2xx answer; everything else is one of the two errors below. */
export type RemoteApi = ReturnType<typeof createRemoteApi>;

export const createRemoteApi = ({ name, outbound, timeoutMs = TIMEOUT_MS, origin, temporary = [] }: RemoteOptions) => ({
  name,

  /** `tolerate`: statuses that the caller handles itself. */
  async send(request: OutboundRequest, tolerate: readonly number[] = []): Promise<OutboundAnswer> {
    if (origin !== undefined && new URL(request.url).origin !== origin)
      throw new RemoteRefused(`${name} points to another host than the one it is configured with`, 0);
    /** A read changes nothing, whatever became of it. */
    const outcome = request.method === 'GET' ? 'not_sent' : 'unknown';
    const answer = await outbound.send(request, timeoutMs).catch((error: unknown) => {
      if (!(error instanceof NotAnswered)) throw error;
      throw new RemoteUnavailable(
        `${name} cannot be reached: ${error.message}`,
        error.outcome === 'unknown' ? outcome : 'not_sent',
      );
    });
    const { status, headers, text } = answer;
    if (tolerate.includes(status)) return answer;
    const isJson = text === '' || (isJsonType(headers) && parse(text) !== undefined);
    if (isJson && status >= 200 && status < 300) return answer;
    // A page of a proxy: a missing record is only what the API itself calls missing.
    if (!isJson && (status < 300 || status === 404))
      throw new RemoteUnavailable(`${name} answered ${status} without JSON: is its URL that of the API?`, outcome);
    const code = codeOf(parse(text));
    const what = `${status}${code ? ` ${code}` : ''}`;
    if (status === 429 || (status < 500 && code !== undefined && temporary.includes(code)))
      throw new RemoteUnavailable(`${name} is over its limit (${what})`, 'not_sent', retryAfterMs(headers));
    if (status >= 500 || UNDECIDED.includes(status))
      throw new RemoteUnavailable(`${name} failed (${what})`, outcome, retryAfterMs(headers));
    throw new RemoteRefused(`${name} refused the request (${what}): ${remedy(status)}`, status, code);
  },
});

/** Worth another attempt: down, slow, over its limit, or not talking JSON. The message holds nothing that the provider said. */
export class RemoteUnavailable extends Error {
  override readonly name = 'RemoteUnavailable';
  /** `not_sent`: nothing was changed. `unknown`: it may have been; look it up, never send it blindly again. */
  readonly outcome: 'not_sent' | 'unknown';
  readonly retryAfterMs: number | undefined;

  constructor(message: string, outcome: 'not_sent' | 'unknown', retryAfterMs?: number) {
    super(message);
    this.outcome = outcome;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The provider will not do it, now or later: the request, the credentials or the set-up is wrong. Nothing was changed. */
export class RemoteRefused extends Error {
  override readonly name = 'RemoteRefused';
  readonly status: number;
  readonly code: string | undefined;

  constructor(message: string, status: number, code?: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Parses what a provider answered. Another shape than documented leaves the outcome unknown. */
export const documented = <S extends z.ZodType>(name: string, schema: S, value: unknown): z.infer<S> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'the body';
  throw new RemoteUnavailable(`${name} answered in another shape than documented (${where})`, 'unknown');
};

/** What `work` finds, or `null` where the provider says that there is no such thing. */
export const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RemoteRefused && error.status === 404) return null;
    throw error;
  }
};

/** Time-out, conflict with another write (maybe our own, earlier one), too early. */
const UNDECIDED = [408, 409, 425];

const isJsonType = (headers: Headers): boolean =>
  /^application\/([\w.-]+\+)?json\b/.test(headers.get('content-type') ?? '');

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const identifier = z.string().regex(/^[A-Za-z][A-Za-z_]{2,59}$/);
const named = z.union([
  z.object({ errorCode: identifier }).transform((body) => body.errorCode),
  z.object({ category: identifier }).transform((body) => body.category),
  z.object({ error: identifier }).transform((body) => body.error),
]);

/** Salesforce's `errorCode` in a list, HubSpot's `category`, Zendesk's `error`; only what looks like an identifier. */
const codeOf = (body: unknown): string | undefined => named.safeParse(Array.isArray(body) ? body[0] : body).data;

const remedy = (status: number): string => {
  if (status >= 300 && status < 400) return 'it redirects; set its URL to the address it redirects to';
  if (status === 401) return 'check its credentials';
  if (status === 403) return 'give its credentials the access that the adapter needs';
  if (status === 404) return 'there is no such record, or its URL is wrong';
  return 'check that its fields and settings are those that the adapter is configured with';
};
