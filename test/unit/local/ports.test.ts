import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createPorts } from '../../../local/ports.ts';
import { recordOf } from '../../../local/process-record.ts';
import { createFolders } from '../../folders.ts';

const newFolder = createFolders();

let leases: string;
let server: Server;
let taken: number;

beforeEach(async () => {
  leases = newFolder();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  taken = address !== null && typeof address === 'object' ? address.port : 0;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

/** A port that was free a moment ago. */
const free = () => createPorts(newFolder()).free();

test('the preferred port is given when it is free', async () => {
  const port = await free();
  expect(await createPorts(leases).free(port)).toBe(port);
});

test('another one when something listens there', async () => {
  const port = await createPorts(leases).free(taken);
  expect(port).not.toBe(taken);
  expect(port).toBeGreaterThan(1024);
});

test('none of those that the system gives to outgoing connections, which may be in use by the time', async () => {
  const ports = createPorts(leases);
  const chosen = await Promise.all(Array.from({ length: 20 }, () => ports.free()));
  // The system itself chose `taken`, from its own.
  expect(Math.max(...chosen)).toBeLessThan(taken);
  expect(new Set(chosen).size).toBe(20);
});

test('another one when it was promised before, though nothing listens there yet', async () => {
  const port = await free();
  expect(await createPorts(leases).free(port)).toBe(port);
  expect(await createPorts(leases).free(port)).not.toBe(port);
});

test('promises to a process that is gone do not count', async () => {
  const port = await free();
  writeFileSync(join(leases, `${port}.json`), JSON.stringify({ ...recordOf(process.pid), started: 'long ago' }));
  expect(await createPorts(leases).free(port)).toBe(port);
});

test('released ports can be had again', async () => {
  const ports = createPorts(leases);
  const port = await ports.free();
  ports.release();
  expect(readdirSync(leases)).toEqual([]);
  expect(await createPorts(leases).free(port)).toBe(port);
});

test('preferences can be left aside', async () => {
  const port = await free();
  expect(await createPorts(leases, { asPreferred: false }).free(port)).not.toBe(port);
});
