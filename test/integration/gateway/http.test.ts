import { describe, expect, test } from '@jest/globals';
import { useGateways } from './rig.ts';

const { backing, gateway } = useGateways();

describe('/readyz', () => {
  test('is 200 when everything answers', async () => {
    const { origin } = await gateway();
    const ready = await fetch(`${origin}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { temporal: 'ok', redis: 'ok', postgres: 'ok' }]);
  });

  test.each(['temporal', 'redis', 'postgres'] as const)('is 503 and says so without %s', async (part) => {
    const { origin } = await gateway();
    backing().faults[part] = true;
    const ready = await fetch(`${origin}/readyz`);
    const all = { temporal: 'ok', redis: 'ok', postgres: 'ok' };
    expect([ready.status, await ready.json()]).toEqual([503, { ...all, [part]: 'unavailable' }]);
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  });

  test('does not wait for one that hangs', async () => {
    const { origin } = await gateway();
    backing().faults.lookUpMs = 1_500;
    const began = Date.now();
    expect((await fetch(`${origin}/readyz`)).status).toBe(503);
    expect(Date.now() - began).toBeLessThan(1_400);
  });
});

test('what is not there is answered without repeating it', async () => {
  const { origin } = await gateway();
  for (const path of ['/sEcReT', '/v1/socket/sEcReT', '/v1/socket', '/%00sEcReT', '/sEcReT%zz', '/../../etc/passwd']) {
    const answer = await fetch(origin + path);
    const body = await answer.text();
    expect([path, answer.status]).toEqual([path, 404]);
    expect(body).not.toMatch(/sEcReT|passwd/);
    expect(body.length).toBeLessThan(60);
  }
});

test('nothing can be posted, and nothing large sent', async () => {
  const { origin } = await gateway();
  for (const path of ['/', '/healthz', '/v1/socket'])
    for (const [length, status] of [
      [10, 404],
      [100_000, 413],
    ] as const)
      expect((await fetch(origin + path, { method: 'POST', body: 'x'.repeat(length) })).status).toBe(status);
});

test('headers: a policy that allows what the page brings and nothing else, and no word of what runs here', async () => {
  const { origin } = await gateway();
  const { headers } = await fetch(`${origin}/healthz`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('access-control-allow-origin')).toBeNull();
  for (const name of ['x-powered-by', 'server', 'strict-transport-security']) expect(headers.get(name)).toBeNull();
});

test('/metrics', async () => {
  const { origin } = await gateway();
  const answer = await fetch(`${origin}/metrics`);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await answer.text();
  for (const name of ['sockets', 'frames_total', 'ack_seconds', 'errors_total', 'resumes_total', 'closes_total'])
    expect(text).toContain(`duradesk_gateway_${name}`);
  expect(text).toContain('process_resident_memory_bytes');
});
