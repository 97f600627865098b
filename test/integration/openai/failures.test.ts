import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { OpenAiModelOptions } from '../../../integrations/openai.ts';
import { chunk, DONE, KEY, prompt, useLocalModel } from './rig.ts';

const { server, ask } = useLocalModel();

describe('what is worth another attempt', () => {
  const rejection = async (options: Partial<OpenAiModelOptions> = {}) =>
    ask(prompt('my private words'), options).then(
      () => 'it answered',
      (error: unknown) => error,
    );

  test.each([
    ['rate_limited', { retryAfter: 3 }, 3_000],
    ['rate_limited', { retryAfterMs: 150 }, 150],
    ['rate_limited', {}, undefined],
    ['unavailable', { retryAfter: 1 }, 1_000],
    ['server_error', {}, undefined],
    ['status', { status: 408 }, undefined],
  ] as const)('%s %j', async (fault, more, retryAfterMs) => {
    server.setFaults([{ fault, ...more }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable', retryAfterMs });
  });

  test('Retry-After as a date', async () => {
    server.setFaults([{ fault: 'unavailable', retryAfter: new Date(Date.now() + 8_000).toUTCString() }]);
    const error = await rejection();
    expect(error).toMatchObject({ name: 'ModelUnavailable', retryAfterMs: expect.any(Number) });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(5_000);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(8_000);
  });

  test.each([
    [
      'an error in the stream',
      { body: `${chunk({ content: 'Hel' })}data: {"error":{"message":"boom","code":"overloaded"}}\n\n` },
    ],
    ['HTML', { body: '<!doctype html><html><body>Welcome</body></html>', contentType: 'text/html' }],
    ['no stream at all', { body: '' }],
    ['only the end of a stream', { body: DONE }],
    ['a stream that is no JSON', { body: 'data: {"choices":[{"del\n\n' }],
    ['neither text nor calls', { body: chunk({ role: 'assistant', content: '' }) + chunk({}, 'stop') + DONE }],
    [
      'half a call',
      { body: chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'pay', arguments: '{"a' } }] }) },
    ],
  ])('%s', async (_, raw) => {
    server.setFaults([{ fault: 'raw', ...raw }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable' });
  });

  test('an answer with nothing in it', async () => {
    server.setFaults([{ fault: 'empty' }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable' });
  });

  test('a connection that breaks in the middle', async () => {
    server.setFaults([{ fault: 'reset', profile: { tokensPerSecond: 200 } }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable' });
  });

  test('no server', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const address = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await rejection({ baseUrl: `http://127.0.0.1:${port}/v1` })).toMatchObject({
      name: 'ModelUnavailable',
      message: 'no connection to the model server (ECONNREFUSED)',
    });
  });

  test('silence before the first chunk', async () => {
    server.setFaults([{ fault: 'hang_before_first' }]);
    expect(await rejection({ timeoutMs: { first: 80 } })).toMatchObject({
      name: 'ModelUnavailable',
      message: 'the model server sent nothing for 80 ms, waiting for the first chunk',
    });
  });

  test('silence in the middle', async () => {
    server.setFaults([{ fault: 'hang_mid_stream', afterTokens: 2 }]);
    expect(await rejection({ timeoutMs: { idle: 80 } })).toMatchObject({
      name: 'ModelUnavailable',
      message: 'the model server sent nothing for 80 ms, waiting for the next chunk',
    });
  });

  test('nothing is tried twice', async () => {
    const before = server.requests().count;
    server.setFaults([{ fault: 'rate_limited' }]);
    await rejection();
    expect(server.requests().count).toBe(before + 1);
  });
});

describe('what is not', () => {
  test.each([
    [400, 'DESK_MODEL'],
    [401, 'OPENAI_API_KEY'],
    [403, 'OPENAI_API_KEY'],
    [404, 'OPENAI_BASE_URL'],
    [422, 'DESK_MODEL'],
    [302, 'OPENAI_BASE_URL'],
  ])('%i', async (status, names) => {
    server.setFaults([{ fault: 'status', status }]);
    const refused = await ask(prompt('my private words')).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ModelRefused', message: expect.stringContaining(names) });
    // The server quoted both.
    expect(String(refused)).not.toContain(KEY);
    expect(String(refused)).not.toContain('private words');
  });
});
