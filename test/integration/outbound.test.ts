import type { lookup } from 'node:dns';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createOutbound } from '../../integrations/outbound.ts';
import { isPublic } from '../../integrations/outbound-addresses.ts';
import { createServer, listen } from '../fakes/listen.ts';
import { unreachableUrl } from '../fakes/unreachable.ts';

let server: Awaited<ReturnType<typeof listen>>;
let port: string;
let reached = 0;

beforeAll(async () => {
  const app = createServer();
  app.get('/hello', async () => {
    reached++;
    return { hello: true };
  });
  app.get('/inwards', async (_request, reply) => reply.redirect(`http://127.0.0.1:${port}/hello`));
  app.get('/hang', () => new Promise<never>(() => undefined));
  app.get('/endless', async (_request, reply) => reply.type('text/plain').send('x'.repeat(5 * 1024 * 1024)));
  server = await listen(app);
  port = new URL(server.url).port;
});
afterAll(() => server.close());

/** A resolver of ours: what each name resolves to, one answer after the other. */
const resolving = (...answers: string[][]) => {
  const asked: string[] = [];
  const resolve = ((name: string, _options: unknown, done: (error: Error | null, found: unknown) => void) => {
    const addresses = answers[Math.min(asked.push(name), answers.length) - 1] ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as typeof lookup;
  return { lookup: resolve, asked };
};

const get = async (options: Parameters<typeof createOutbound>[0], url: string, timeoutMs = 2_000) => {
  const outbound = createOutbound(options);
  try {
    return await outbound.send({ method: 'GET', url, headers: {} }, timeoutMs);
  } finally {
    await outbound.close();
  }
};
const refused = { name: 'NotAnswered', outcome: 'not_sent', message: expect.stringMatching(/not public|plain http/) };

describe('an address that is not public', () => {
  test.each([
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f.1',
    'localhost',
    '0.0.0.0',
    '169.254.169.254',
    '10.0.0.1',
  ])('%s is not called', async (host) => {
    const before = reached;
    await expect(get({ allow: [] }, `http://${host}:${port}/hello`)).rejects.toMatchObject(refused);
    expect(reached).toBe(before);
  });

  test('is not called by a name that resolves to it, nor by one that has a public address too', async () => {
    for (const addresses of [['127.0.0.1'], ['192.0.9.9', '127.0.0.1'], ['::1'], ['fd00::1'], ['100.64.0.1']]) {
      const { lookup } = resolving(addresses);
      await expect(get({ allow: [], lookup }, `https://crm.example:${port}/hello`)).rejects.toMatchObject(refused);
    }
  });

  test('is called when it is allowed, by address, range or name; others still are not', async () => {
    for (const allow of [['127.0.0.1'], ['127.0.0.0/8', '10.0.0.0/8']])
      expect(await get({ allow }, `${server.url}/hello`)).toMatchObject({ status: 200, text: '{"hello":true}' });
    const { lookup, asked } = resolving(['127.0.0.1'], ['10.0.0.1']);
    const outbound = createOutbound({ allow: ['127.0.0.0/8'], lookup });
    expect(
      await outbound.send({ method: 'GET', url: `http://crm.example:${port}/hello`, headers: {} }, 2_000),
    ).toMatchObject({
      status: 200,
    });
    await outbound.close();
    // One look-up for one connection: what was checked is what was called.
    expect(asked).toEqual(['crm.example']);
    await expect(get({ allow: ['127.0.0.1'] }, `http://10.0.0.1:${port}/hello`)).rejects.toMatchObject(refused);
  });

  test('what counts as public', () => {
    expect(['93.184.216.34', '2606:4700::1111'].map(isPublic)).toEqual([true, true]);
    const inner = [
      '172.16.0.1',
      '192.168.1.1',
      '224.0.0.1',
      '240.0.0.1',
      'fe80::1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '::',
    ];
    expect(inner.map(isPublic)).toEqual(inner.map(() => false));
  });

  test('a range that is none is named', () => {
    for (const range of ['10.0.0.0/99', 'example.com', ''])
      expect(() => createOutbound({ allow: [range] })).toThrow(
        `"${range}" must be an address or a range like 10.0.0.0/8`,
      );
  });
});

test('plain http does not leave for a public address', async () => {
  const { lookup } = resolving(['93.184.216.34']);
  await expect(get({ allow: [], lookup }, 'http://crm.example/')).rejects.toMatchObject(refused);
});

test('a redirect is an answer and not followed', async () => {
  const before = reached;
  expect(await get({ allow: ['127.0.0.1'] }, `${server.url}/inwards`)).toMatchObject({ status: 302 });
  expect(reached).toBe(before);
});

describe('no answer', () => {
  test('where nobody listens, nothing was sent; where it hangs or never ends, who knows', async () => {
    const allow = ['127.0.0.1'];
    await expect(get({ allow }, await unreachableUrl())).rejects.toMatchObject({
      outcome: 'not_sent',
      message: 'ECONNREFUSED',
    });
    await expect(get({ allow }, `${server.url}/hang`, 300)).rejects.toMatchObject({
      outcome: 'unknown',
      message: 'no answer within 300 ms',
    });
    await expect(get({ allow }, `${server.url}/endless`)).rejects.toMatchObject({
      outcome: 'unknown',
      message: 'an answer of more than 4194304 bytes',
    });
  });
});
