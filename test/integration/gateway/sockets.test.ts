import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { closeCode, frame, openRaw, upgradeRaw } from './raw.ts';
import { sleep, useGateways } from './rig.ts';

const { backing, gateway, client } = useGateways();

/** The HTTP status that an upgrade is refused with, or 101. */
const upgrade = (url: string, headers: Record<string, string>): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve({ status: 101, body: '' });
    });
    socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    socket.on('error', reject);
  });

describe('before the upgrade', () => {
  test('only listed origins and the own one pass', async () => {
    const { url, origin } = await gateway();
    const { port } = new URL(origin);
    const status = async (headers: Record<string, string>) => (await upgrade(url, headers)).status;
    for (const allowed of [origin, `http://localhost:${port}`, 'https://shop.example'])
      expect([allowed, await status({ origin: allowed })]).toEqual([allowed, 101]);
    for (const foreign of [
      'null',
      '',
      '*',
      'https://evil.example',
      'https://shop.example.evil.example',
      'https://evil.example/https://shop.example',
      'http://shop.example',
      'https://shop.example:444',
      'https://SHOP.example',
      'https://shop.example, https://evil.example',
      'http://localhost',
      `https://localhost:${port}`,
    ])
      expect([foreign, await status({ origin: foreign })]).toEqual([foreign, 403]);
    expect(await upgrade(url, {})).toEqual({ status: 403, body: '{"error":"origin not allowed"}' });
    expect(await status({ origin: 'https://evil.example', host: 'evil.example' })).toBe(403);
  });

  test('a token in the query string is refused, and in no log', async () => {
    const { url, origin, lines } = await gateway();
    for (const query of ['?token=sEcReT', '?session=sEcReT'])
      expect((await upgrade(url + query, { origin })).status).toBe(400);
    expect(lines.join('')).not.toContain('sEcReT');
  });

  test('another path is not there', async () => {
    const { url, origin } = await gateway();
    for (const path of ['/v1/socket/x', '/v1', '/', '/%2e%2e/v1/socket2'])
      expect(await upgrade(new URL(path, url).href, { origin })).toMatchObject({ status: 404 });
  });

  test('connections of one address are capped, and counted down', async () => {
    const { url, origin } = await gateway({ limits: { perAddress: 3 } });
    const held = await Promise.all([1, 2, 3].map(() => client({ url, origin })));
    expect((await upgrade(url, { origin })).status).toBe(429);
    held[0]?.socket.close();
    await held[0]?.closed();
    await client({ url, origin });
    expect((await upgrade(url, { origin })).status).toBe(429);
    for (const path of ['/healthz', '/metrics']) expect((await fetch(origin + path)).status).toBe(200);
  });

  test('new connections of one address have a rate', async () => {
    const { url, origin } = await gateway({ limits: { arrivals: { perSecond: 5, burst: 3 } } });
    const status = async () => (await upgrade(url, { origin })).status;
    expect([await status(), await status(), await status(), await status()]).toEqual([101, 101, 101, 429]);
    await sleep(300);
    expect(await status()).toBe(101);
  });

  test('a hundred upgrades that are refused leave nothing open', async () => {
    const { url, app } = await gateway({ limits: { perAddress: 3 } });
    for (let n = 0; n < 100; n++) await upgrade(url, { origin: 'https://evil.example' });
    await sleep(50);
    const open = await new Promise<number>((resolve) => app.server.getConnections((_error, count) => resolve(count)));
    expect(open).toBe(0);
  });

  test('compression is not negotiated', async () => {
    const { origin } = await gateway();
    const raw = await upgradeRaw(origin);
    expect(raw.received().toString()).toMatch(/^HTTP\/1.1 101 /);
    expect(raw.received().toString().toLowerCase()).not.toContain('deflate');
    raw.socket.destroy();
  });
});

describe('frames', () => {
  test('above 64 KiB: 1009', async () => {
    const ann = await client(await gateway());
    ann.send('x'.repeat(64 * 1024 + 1));
    expect(await ann.closed()).toBe(CLOSE.tooBig);
  });

  test('that claim to be huge: 1009 before a byte of them came', async () => {
    const { origin } = await gateway();
    const raw = await upgradeRaw(origin);
    raw.socket.write(frame(1, Buffer.alloc(0), { claim: 2 ** 40 }));
    expect(await closeCode(raw)).toBe(CLOSE.tooBig);
  });

  test('of 64 KiB in fragments that are larger together: 1009', async () => {
    const { origin } = await gateway();
    const raw = await upgradeRaw(origin);
    for (let n = 0; n < 3; n++) raw.socket.write(frame(n === 0 ? 1 : 0, Buffer.alloc(30_000, 'x'), { fin: false }));
    expect(await closeCode(raw)).toBe(CLOSE.tooBig);
  });

  test.each([0, 1])('in endless fragments of %d bytes: closed', async (size) => {
    const { origin } = await gateway();
    const raw = await upgradeRaw(origin);
    raw.socket.write(frame(1, Buffer.alloc(size, 'x'), { fin: false }));
    for (let n = 0; n < 100; n++) raw.socket.write(frame(0, Buffer.alloc(size, 'x'), { fin: false }));
    expect(await closeCode(raw)).toBe(1008);
  });

  test.each([
    ['binary', 2, Buffer.from('{"type":"hello","protocol":1}'), CLOSE.unsupported],
    ['empty and binary', 2, Buffer.alloc(0), CLOSE.unsupported],
    ['no UTF-8', 1, Buffer.from([0xff, 0xfe]), 1007],
    ['half of a surrogate pair in UTF-8', 1, Buffer.from([0xed, 0xa0, 0x80]), 1007],
    ['of an unknown kind', 3, Buffer.alloc(0), 1002],
    ['not JSON', 1, Buffer.from('hello'), CLOSE.protocol],
    ['nothing', 1, Buffer.alloc(0), CLOSE.protocol],
    ['60,000 open brackets', 1, Buffer.alloc(60_000, '['), CLOSE.protocol],
    ['a send before hello', 1, Buffer.from('{"type":"send","clientMessageId":"message-1","text":"x"}'), CLOSE.protocol],
  ])('%s: closed with its code', async (_what, opcode, payload, code) => {
    const { origin } = await gateway();
    const raw = await upgradeRaw(origin);
    raw.socket.write(frame(opcode, payload));
    expect(await closeCode(raw)).toBe(code);
  });

  test('an unmasked frame: 1002', async () => {
    const { origin } = await gateway();
    const raw = await upgradeRaw(origin);
    raw.socket.write(Buffer.from([0x81, 0x02, 0x7b, 0x7d]));
    expect(await closeCode(raw)).toBe(1002);
  });

  test('a hello one byte at a time is a hello', async () => {
    const { origin } = await gateway();
    const raw = await upgradeRaw(origin);
    for (const byte of frame(1, Buffer.from('{"type":"hello","protocol":1}'))) raw.socket.write(Buffer.from([byte]));
    while (!raw.received().includes('"type":"snapshot"')) await once(raw.socket, 'data');
    raw.socket.destroy();
  });
});

describe('time', () => {
  test('no hello: closed', async () => {
    const ann = await client(await gateway({ limits: { helloMs: 100 } }));
    expect(await ann.closed(1_000)).toBe(CLOSE.protocol);
  });

  test('a silent server sends heartbeats and pings', async () => {
    const ann = await client(await gateway({ limits: { heartbeatMs: 100 } }));
    let pings = 0;
    ann.socket.on('ping', () => {
      pings += 1;
    });
    const { heartbeatMs } = await ann.hello();
    expect(heartbeatMs).toBe(100);
    await ann.until('heartbeats', () => ann.frames.filter(({ type }) => type === 'heartbeat').length >= 3, 1_000);
    expect(pings).toBeGreaterThanOrEqual(2);
    expect(ann.closeCode()).toBeNull();
  });

  test('a peer that answers no ping is let go', async () => {
    const { url, origin } = await gateway({ limits: { heartbeatMs: 100, pongMs: 50 } });
    const socket = new WebSocket(url, { origin, autoPong: false });
    const [code] = await once(socket, 'close');
    expect(code).toBe(1006);
  });

  test('a peer that reads too slowly is closed with a resumable code, and nobody else notices', async () => {
    const { url, origin } = await gateway();
    const slow = await client({ url, origin });
    const { conversation, session } = await slow.hello();
    await slow.frame('snapshot');
    const quick = await client({ url, origin });
    await quick.hello({ conversation, session });
    await quick.frame('snapshot');
    slow.socket.pause();
    const draft = await backing().log.open(conversation.id, { term: 0, turn: 1 }, { once: [], always: () => [] });
    if (typeof draft === 'string') throw new Error(draft);
    const text = 'x'.repeat(8_000);
    let offset = 0;
    for (let n = 0; n < 2_000; n++) {
      await backing().log.append(draft, [{ type: 'reply.delta', turn: 1, attempt: 1, offset, text }]);
      offset += text.length;
      if (n % 50 === 0) await sleep(5);
    }
    await quick.until('all deltas', () => {
      const last = quick.frames.findLast((each) => each.type === 'events')?.events.at(-1)?.event;
      return last?.type === 'reply.delta' && last.offset + last.text.length === offset;
    });
    // It is counted when the slow peer has not answered the close for 2 s.
    const metrics = async () => (await fetch(`${origin}/metrics`)).text();
    for (let tries = 0; tries < 50 && !(await metrics()).includes('closes_total{code="4408"} 1'); tries++)
      await sleep(100);
    expect(await metrics()).toContain('closes_total{code="4408"} 1');
    expect(await metrics()).toContain('duradesk_gateway_sockets 1');
    expect(quick.closeCode()).toBeNull();
  }, 30_000);

  test('slow headers and slow bodies end', async () => {
    const { origin } = await gateway();
    const began = Date.now();
    const slow = [
      'GET /healthz HTTP/1.1\r\nHost: x\r\n',
      'POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx',
    ];
    for (const { closed } of await Promise.all(slow.map((text) => openRaw(origin, text)))) await closed;
    expect(Date.now() - began).toBeLessThan(8_000);
  }, 15_000);
});

test('200 messages a second: a soft error, then 4429, and Temporal sees no more than the limit', async () => {
  const ann = await client(await gateway());
  await ann.hello();
  const began = Date.now();
  let sent = 0;
  while (ann.closeCode() === null && sent < 2_000) {
    ann.send({ type: 'send', clientMessageId: `message-${sent}`, text: 'x' });
    sent += 1;
    if (sent % 2 === 0) await sleep(9);
  }
  expect(await ann.closed()).toBe(CLOSE.tooMany);
  const seconds = (Date.now() - began) / 1_000;
  expect(ann.frames).toContainEqual(expect.objectContaining({ type: 'error', code: 'rate_limited' }));
  expect(backing().delivered.length).toBeLessThanOrEqual(10 + 2 * seconds + 1);
  expect(backing().delivered.length).toBeGreaterThanOrEqual(10);
}, 20_000);

test('a flood of pings: 4429', async () => {
  const ann = await client(await gateway({ limits: { flood: { perSecond: 1, burst: 20 } } }));
  await ann.hello();
  for (let n = 0; n < 30; n++) ann.socket.ping();
  expect(await ann.closed()).toBe(CLOSE.tooMany);
});
