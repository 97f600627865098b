import { expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { openRaw, upgradeRaw } from './raw.ts';
import { sleep, useGateways } from './rig.ts';

const { backing, gateway, client } = useGateways();

test('everybody is told when to come back, each at another moment, and closed with 1012', async () => {
  const node = await gateway();
  const clients = await Promise.all(Array.from({ length: 40 }, () => client(node)));
  for (const each of clients) await each.hello();
  await node.app.close();
  const pauses: number[] = [];
  for (const each of clients) {
    pauses.push((await each.frame('bye')).reconnectAfterMs);
    expect(await each.closed()).toBe(CLOSE.restart);
  }
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(2_000);
  expect(new Set(pauses).size).toBeGreaterThan(30);
  const thirds = [0, 1, 2].map((third) => pauses.filter((ms) => Math.floor(ms / 667) === third).length);
  for (const count of thirds) expect(count).toBeGreaterThan(2);
});

test('what Temporal is being told is acknowledged first; what comes after the goodbye is not taken', async () => {
  backing().faults.deliverMs = () => 300;
  const node = await gateway();
  const ann = await client(node);
  await ann.hello();
  ann.send({ type: 'send', clientMessageId: 'message-1', text: 'before' });
  await sleep(50);
  const closing = node.app.close();
  await ann.frame('bye');
  ann.send({ type: 'send', clientMessageId: 'message-2', text: 'after' });
  await ann.closed();
  await closing;
  expect(ann.frames.map(({ type }) => type)).toEqual(['welcome', 'snapshot', 'bye', 'ack']);
  expect(backing().delivered.map(({ message }) => message.text)).toEqual(['before']);
});

test('newcomers are refused from the first moment, on new and on open connections', async () => {
  backing().faults.deliverMs = () => 500;
  const { app, origin, url } = await gateway();
  const ann = await client({ url, origin });
  await ann.hello();
  const kept = await openRaw(origin, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  while (!kept.received().includes('"ok"')) await sleep(5);
  ann.send({ type: 'send', clientMessageId: 'message-1', text: 'x' });
  await sleep(50);
  const closing = app.close();
  await ann.frame('bye');
  await expect(client({ url, origin })).rejects.toThrow();
  await expect(fetch(`${origin}/readyz`)).rejects.toThrow();
  await closing;
  await kept.closed;
});

test('a node waits for nobody longer than it must', async () => {
  const { app, origin } = await gateway({ limits: { drainMs: 500 } });
  const stubborn = await upgradeRaw(origin);
  stubborn.socket.pause();
  const began = Date.now();
  await app.close();
  expect(Date.now() - began).toBeLessThan(1_500);
  stubborn.socket.destroy();
});
