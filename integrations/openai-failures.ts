import { APIError } from 'openai';
import { ModelRefused, ModelUnavailable } from './model.ts';
import { retryAfterMs } from './retry-after.ts';

/**
 * What went wrong, in our words. The server's own message never goes on: it may quote the key or the prompt, and errors
 * end up in logs and in Temporal's history. For the same reason there is no `cause`.
 */
export const modelFailure = (error: unknown, model: string): ModelUnavailable | ModelRefused => {
  if (error instanceof ModelUnavailable || error instanceof ModelRefused) return error;
  if (!isApiError(error)) return new ModelUnavailable(`the model server's stream broke (${reasonOf(error)})`);
  const { status, headers } = error;
  const code = safeCode(error.code) ?? safeCode(error.type);
  if (status === undefined)
    return headers === undefined
      ? new ModelUnavailable(`no connection to the model server (${reasonOf(error)})`)
      : new ModelUnavailable(`the model server reported an error in its stream${code ? ` (${code})` : ''}`);
  const what = code ? `${status} ${code}` : String(status);
  if (isTransient(status) && code !== 'insufficient_quota')
    return new ModelUnavailable(`the model server answered ${what}`, retryAfterMs(headers), status);
  return new ModelRefused(`the model server refused the request (${what}): ${remedy(status, code, model)}`);
};

/** With the package's own types instead of `any`. */
const isApiError = (error: unknown): error is APIError => error instanceof APIError;

/** 409 is a lock time-out, which the provider asks to try again. */
const isTransient = (status: number): boolean => status === 408 || status === 409 || status === 429 || status >= 500;

const remedy = (status: number, code: string | undefined, model: string): string => {
  if (code === 'insufficient_quota') return 'the account has no credit left; add some at the provider';
  if (status === 413 || code === 'context_length_exceeded')
    return `the prompt is too long for model "${model}"; lower the playbook's prompt budget or set DESK_MODEL to one that reads more`;
  if (status === 401) return 'set OPENAI_API_KEY to a key that is valid at OPENAI_BASE_URL';
  if (status === 403) return `give the key of OPENAI_API_KEY access to model "${model}", or change DESK_MODEL`;
  if (status === 404) return `check DESK_MODEL ("${model}") and OPENAI_BASE_URL, which ends in /v1 with most servers`;
  if (status < 400) return 'it redirects; set OPENAI_BASE_URL to the address it redirects to';
  return `check that model "${model}" can stream and call tools, or change DESK_MODEL`;
};

/** A code is an identifier of the provider's; anything else under that name could be anyone's text. */
const safeCode = (code: unknown): string | undefined =>
  typeof code === 'string' && /^[a-z][a-z_]{2,39}$/.test(code) ? code : undefined;

/** The system's error code (`ECONNREFUSED`) where there is one down the chain of causes, else the kind of error. */
const reasonOf = (error: unknown): string => {
  for (let at = error, depth = 0; isObject(at) && depth < 4; at = at.cause, depth += 1)
    if (typeof at.code === 'string' && /^[A-Z][A-Z0-9_]{2,39}$/.test(at.code)) return at.code;
  return error instanceof Error ? error.name : 'unknown error';
};

const isObject = (value: unknown): value is { code?: unknown; cause?: unknown } =>
  typeof value === 'object' && value !== null;
