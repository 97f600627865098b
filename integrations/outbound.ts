import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { z } from 'zod';
import { isPublic, isWithin, parseRanges } from './outbound-addresses.ts';

/** A cold TLS handshake across an ocean takes about half a second. */
const CONNECT_MS = 3_000;

/** Of one answer, in bytes: the largest page that any adapter asks for stays below a tenth of it. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

export type OutboundRequest = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
};

export type OutboundAnswer = { status: number; headers: Headers; text: string };

export type OutboundOptions = {
  /**
   * Addresses and ranges outside the public internet that may be called, like `10.1.0.0/16`; plain http only goes to
   * these, since every request carries credentials.
   */
  allow: readonly string[];
  /** Looks names up; another one than the system's is for tests. */
  lookup?: typeof systemLookup;
};

export type Outbound = ReturnType<typeof createOutbound>;

/**
 * HTTP to addresses that come from configuration. What a name resolves to is checked when the connection is made, on the
 * very address that is then used, so no name can point inwards after it was checked. Redirects are not followed, nothing
 * is retried, and an answer is read whole.
 */
export const createOutbound = ({ allow, lookup = systemLookup }: OutboundOptions) => {
  const ranges = parseRanges(allow);

  const refusal = (address: string, protocol: string): AddressRefused | null => {
    if (isWithin(address, ranges)) return null;
    if (!isPublic(address))
      return new AddressRefused(`the address ${address} is not public and not allowed explicitly`);
    return protocol === 'https:' ? null : new AddressRefused('plain http is only for addresses allowed explicitly');
  };

  const checked =
    (protocol: string): LookupFunction =>
    (hostname, options, done) =>
      lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error) return done(error, '');
        const wrong = found.map(({ address }) => refusal(address, protocol)).find((reason) => reason !== null);
        if (wrong) return done(wrong, '');
        answerLookup(found, options.all === true, done);
      });

  const connectors = new Map(
    ['http:', 'https:'].map((protocol) => [
      protocol,
      buildConnector({ timeout: CONNECT_MS, lookup: checked(protocol) }),
    ]),
  );

  const agent = new Agent({
    connect: (options, done) => {
      // A literal address is never looked up, so it is checked here.
      const wrong = isIP(options.hostname) ? refusal(options.hostname, options.protocol) : null;
      if (wrong) done(wrong, null);
      else connectors.get(options.protocol)?.(options, done);
    },
  });

  return {
    /**
     * Rejects with `NotAnswered`, after `timeoutMs` at the latest, or with the reason of `signal`. Every status is an
     * answer.
     */
    async send({ url, ...options }: OutboundRequest, timeoutMs: number, signal?: AbortSignal): Promise<OutboundAnswer> {
      const limit = AbortSignal.timeout(timeoutMs);
      const either = signal ? AbortSignal.any([limit, signal]) : limit;
      try {
        const { statusCode, headers, body } = await request(url, { ...options, dispatcher: agent, signal: either });
        return { status: statusCode, headers: toHeaders(headers), text: await readCapped(body) };
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        if (limit.aborted) throw new NotAnswered(`no answer within ${timeoutMs} ms`, 'unknown');
        throw new NotAnswered(reasonOf(error), wasNeverSent(error) ? 'not_sent' : 'unknown');
      }
    },

    /** Ends connections that are idle, and requests in flight. */
    close: (): Promise<void> => agent.destroy(),
  };
};

/** No usable answer came. The message is ours and holds no secret. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
  /** `not_sent`: the request cannot have reached the server. `unknown`: it may have. */
  readonly outcome: 'not_sent' | 'unknown';

  constructor(message: string, outcome: 'not_sent' | 'unknown') {
    super(message);
    this.outcome = outcome;
  }
}

/** The address that a name resolved to must not be called. */
class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

type LookedUp = Parameters<LookupFunction>[2];

const answerLookup = (found: LookupAddress[], all: boolean, done: LookedUp): void => {
  const [first] = found;
  if (all) done(null, found);
  else if (first) done(null, first.address, first.family);
  else done(new Error('the name has no address'), '');
};

const toHeaders = (headers: Record<string, string | string[] | undefined>): Headers =>
  new Headers(
    Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((text): [string, string] => [name, text]),
    ),
  );

const readCapped = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new NotAnswered(`an answer of more than ${MAX_ANSWER_BYTES} bytes`, 'unknown');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

/** System errors before a connection stands, and those of TLS, whose handshake comes before the request. */
const BEFORE_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_\w+)$/;
const CERTIFICATE = /CERT|SIGNATURE|ISSUER/;

const wasNeverSent = (error: unknown): boolean =>
  error instanceof AddressRefused || BEFORE_SENT.test(codeOf(error)) || CERTIFICATE.test(codeOf(error));

/** Of a system error, or of the first of several that a connection with more than one address ends in. */
const failure = z.object({ code: z.string().optional(), errors: z.array(z.object({ code: z.string() })).optional() });

const codeOf = (error: unknown): string => {
  const { data } = failure.safeParse(error);
  return data?.code ?? data?.errors?.[0]?.code ?? '';
};

/** Our own words, or a code. Messages of others are left out: they may quote the URL. */
const reasonOf = (error: unknown): string =>
  error instanceof AddressRefused || error instanceof NotAnswered ? error.message : codeOf(error) || 'unknown error';
