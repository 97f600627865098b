import type { Fault } from './faults.ts';

/** The client sent something that it should not have; the message says what. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly statusCode = 400;
}

export type Failure = { status: number; headers: Record<string, string>; body: string };

const STATUS: Partial<Record<Fault['fault'], number>> = { rate_limited: 429, server_error: 500, unavailable: 503 };

/** OpenAI's `type` and `code` per status. */
const KINDS: Record<number, [type: string, code: string | null]> = {
  400: ['invalid_request_error', null],
  401: ['invalid_request_error', 'invalid_api_key'],
  403: ['invalid_request_error', 'model_not_allowed'],
  404: ['invalid_request_error', 'model_not_found'],
  429: ['requests', 'rate_limit_exceeded'],
};

/** An error in OpenAI's shape. */
export const errorBody = (status: number, message: string, param: string | null = null) => {
  const [type, code] = KINDS[status] ?? [status < 500 ? 'invalid_request_error' : 'server_error', null];
  return { error: { message, type, param, code } };
};

/**
 * What is sent in place of an answer, or `undefined` when the fault is in the answer. Like some servers' messages, these
 * quote the key and the prompt, so that a client that lets them through is found out.
 */
export const failureFor = (fault: Fault, authorization: string, message: string): Failure | undefined => {
  const status = fault.status ?? STATUS[fault.fault] ?? 200;
  const headers: Record<string, string> = {
    ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
    ...(fault.retryAfterMs === undefined ? {} : { 'retry-after-ms': String(fault.retryAfterMs) }),
  };
  if (fault.fault === 'raw')
    return {
      status,
      headers: { ...headers, 'content-type': fault.contentType ?? 'text/event-stream' },
      body: fault.body ?? '',
    };
  if (fault.fault !== 'status' && STATUS[fault.fault] === undefined) return undefined;
  const quoting = `Scripted fault ${status} for key ${authorization} and prompt: ${message}`;
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(errorBody(status, quoting)),
  };
};
