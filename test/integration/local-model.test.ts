import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { INSTANT } from '../../local/model/profile.ts';
import { type LocalModel, startLocalModel } from '../../local/model/server.ts';

let server: LocalModel;

beforeAll(async () => {
  server = await startLocalModel({ profile: INSTANT });
});

afterEach(() => {
  server.setFaults([]);
  server.setProfile(INSTANT);
});

afterAll(() => server.stop());

const HELLO = { model: 'anything', messages: [{ role: 'user', content: 'hello' }] };

const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(new URL(path, server.url), {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

const chat = (more: object = {}, headers: Record<string, string> = {}) =>
  send('POST', '/v1/chat/completions', { ...HELLO, ...more }, headers);

describe('the API', () => {
  test('answers without a stream', async () => {
    expect(await chat()).toMatchObject({
      status: 200,
      body: {
        object: 'chat.completion',
        model: 'duradesk-local',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Hello! How can I help you today?' },
            finish_reason: 'stop',
          },
        ],
        usage: { prompt_tokens: 2, completion_tokens: 9, total_tokens: 11 },
      },
    });
  });

  test('says what it is', async () => {
    const { body } = await send('GET', '/v1/models');
    expect(body.data).toMatchObject([{ id: 'duradesk-local', owned_by: 'duradesk' }]);
    expect(body.data[0].description).toContain('not a language model');
    expect(await send('GET', '/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  test.each([
    ['no JSON', '{', 400],
    ['no messages', { model: 'm' }, 400],
    ['an unknown role', { model: 'm', messages: [{ role: 'king', content: '' }] }, 400],
    ['another format', { ...HELLO, response_format: { type: 'json_object' } }, 400],
    ['several answers', { ...HELLO, n: 2 }, 400],
    ['too much', { model: 'm', messages: [{ role: 'user', content: 'x'.repeat(5_000_000) }] }, 413],
  ])('refuses %s in the shape of OpenAI', async (_, body, status) => {
    expect(await send('POST', '/v1/chat/completions', body)).toMatchObject({
      status,
      body: { error: { type: 'invalid_request_error', message: expect.any(String) } },
    });
  });

  test('knows no other paths', async () => {
    expect(await send('POST', '/v1/embeddings', {})).toMatchObject({ status: 404, body: { error: {} } });
  });

  test('is on loopback, and answers to its own names only', async () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    const { request } = await import('node:http');
    const response = await new Promise<{ statusCode?: number | undefined }>((resolve, reject) => {
      const asked = request(new URL('/admin/requests', server.url), { headers: { host: 'evil.example' } }, resolve);
      asked.on('error', reject).end();
    });
    expect(response.statusCode).toBe(403);
  });
});

describe('the admin API', () => {
  test('changes the profile in part', async () => {
    expect(await send('PUT', '/admin/profile', { firstTokenMs: 120 })).toMatchObject({
      status: 200,
      body: { firstTokenMs: 120, tokensPerSecond: 0 },
    });
    const start = performance.now();
    await chat();
    expect(performance.now() - start).toBeGreaterThanOrEqual(118);
    expect((await send('PUT', '/admin/profile', { speed: 1 })).status).toBe(400);
  });

  test('sets faults, which expire, and takes them away', async () => {
    await send('PUT', '/admin/faults', [{ fault: 'rate_limited', retryAfter: 2, times: 1 }]);
    expect((await chat()).status).toBe(429);
    expect((await chat()).status).toBe(200);
    await send('PUT', '/admin/faults', [{ fault: 'server_error', match: 'hello' }]);
    expect((await chat()).status).toBe(500);
    expect((await send('DELETE', '/admin/faults')).body).toEqual([]);
    expect((await chat()).status).toBe(200);
    expect((await send('PUT', '/admin/faults', [{ fault: 'earthquake' }])).status).toBe(400);
  });

  test('refuses what is above its capacity, and says how much was asked of it', async () => {
    server.setProfile({ ...INSTANT, firstTokenMs: 100 });
    await send('PUT', '/admin/capacity', { concurrency: 2 });
    const statuses = (await Promise.all([chat(), chat(), chat()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 429]);
    expect((await send('GET', '/admin/capacity')).body).toEqual({
      sent: 3,
      refused: 1,
      mostAtOnce: 3,
      mostPerMinute: 3,
    });
    await send('PUT', '/admin/capacity', { perMinute: 1 });
    expect((await chat()).status).toBe(200);
    expect(await chat()).toMatchObject({ status: 429, body: { error: { code: 'rate_limit_exceeded' } } });
    expect((await send('PUT', '/admin/capacity', { perHour: 1 })).status).toBe(400);
    await send('PUT', '/admin/capacity', {});
    expect((await chat()).status).toBe(200);
  });

  test('remembers the last hundred requests and counts all', async () => {
    const { count } = server.requests();
    for (let at = 0; at < 101; at += 1) await chat({ messages: [{ role: 'user', content: `message ${at}` }] });
    const { body } = await send('GET', '/admin/requests');
    expect(body.count).toBe(count + 101);
    expect(body.requests).toHaveLength(100);
    expect(body.requests.at(-1)).toMatchObject({
      number: count + 101,
      messages: [{ content: 'message 100' }],
      outcome: 'sent',
    });
    expect((await send('GET', '/admin/requests?limit=2')).body.requests).toHaveLength(2);
  });
});

describe('headers', () => {
  test('set profile and fault of one request', async () => {
    expect((await chat({}, { 'x-local-model-fault': '{"fault":"unavailable"}' })).status).toBe(503);
    const start = performance.now();
    expect((await chat({}, { 'x-local-model-profile': '{"firstTokenMs":80}' })).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(78);
    expect((await chat({}, { 'x-local-model-fault': 'oops' })).status).toBe(400);
  });
});

describe('stopping', () => {
  test('lets an answer end, and does not wait for one that hangs', async () => {
    const own = await startLocalModel({ profile: { ...INSTANT, tokensPerSecond: 40 } });
    own.setFaults([{ fault: 'hang_before_first', match: 'hang' }]);
    const post = (content: string) =>
      fetch(`${own.url}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content }] }),
      });
    const hanging = post('hang').catch(() => 'broken');
    const answering = await post('hello');
    const start = performance.now();
    const stopped = own.stop();
    expect(await answering.text()).toContain('[DONE]');
    expect(await hanging).toBe('broken');
    await stopped;
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('the process says where it listens and drains on SIGTERM', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'local/model/main.ts', '--profile', 'instant'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH },
    });
    try {
      const [line] = await once(createInterface(child.stdout), 'line');
      const { listening } = JSON.parse(line);
      expect(listening).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
      expect((await fetch(`${listening}/models`)).status).toBe(200);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('the process refuses arguments that it does not know', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'local/model/main.ts', '--port', 'http'], {
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).toEqual([2, null]);
  });
});
