import { describe, expect, test } from '@jest/globals';
import { APIError } from 'openai';
import { ModelRefused, ModelUnavailable } from '../../integrations/model.ts';
import { modelFailure } from '../../integrations/openai-failures.ts';
import { retryAfterMs } from '../../integrations/retry-after.ts';

const SECRET = 'sk-secret and a private prompt';

const failure = (status: number, code?: string) =>
  modelFailure(
    APIError.generate(status, { error: { message: SECRET, code, param: SECRET } }, SECRET, new Headers()),
    'gpt-x',
  );

describe('what is worth another attempt', () => {
  test.each([408, 409, 429, 500, 502, 503, 504, 529])('%i', (status) => {
    expect(failure(status)).toBeInstanceOf(ModelUnavailable);
  });

  test('a broken stream and a lost connection', () => {
    expect(modelFailure(new SyntaxError(SECRET), 'gpt-x')).toBeInstanceOf(ModelUnavailable);
    const refused = Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' });
    const lost = modelFailure(
      APIError.generate(undefined, new Error(SECRET, { cause: refused }), SECRET, undefined),
      'gpt-x',
    );
    expect(lost).toBeInstanceOf(ModelUnavailable);
    expect(lost.message).toBe('no connection to the model server (ECONNREFUSED)');
  });
});

describe('what is not says what to change', () => {
  test.each([
    [400, undefined, 'change DESK_MODEL'],
    [400, 'context_length_exceeded', "lower the playbook's prompt budget"],
    [401, undefined, 'set OPENAI_API_KEY'],
    [403, undefined, 'access to model "gpt-x"'],
    [404, undefined, 'check DESK_MODEL ("gpt-x") and OPENAI_BASE_URL'],
    [413, undefined, 'too long'],
    [422, undefined, 'change DESK_MODEL'],
    [307, undefined, 'set OPENAI_BASE_URL'],
    [429, 'insufficient_quota', 'no credit left'],
  ])('%i %s', (status, code, remedy) => {
    const refused = failure(status, code);
    expect(refused).toBeInstanceOf(ModelRefused);
    expect(refused.message).toContain(remedy);
  });
});

test('neither key nor prompt is passed on, not even as a cause', () => {
  for (const status of [307, 400, 401, 403, 404, 413, 422, 429, 500]) {
    const error = failure(status, SECRET);
    expect(error.message).not.toContain('secret');
    expect(error.message).not.toContain('private');
    expect(error.cause).toBeUndefined();
  }
});

describe('Retry-After', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  test.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:09 GMT' }, 9_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, 0],
    [{ 'retry-after': 'in 5 minutes' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after-ms': '120', 'retry-after': '7' }, 120],
    [{ 'retry-after-ms': 'soon', 'retry-after': '7' }, 7_000],
    [{}, undefined],
  ])('%j', (headers, expected) => {
    expect(retryAfterMs(new Headers(headers), now)).toBe(expected);
  });
});
