import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';

const start = (env: Record<string, string>): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', 'mcp.ts'], {
    cwd: 'local/acme',
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

const DATABASE = { ACME_DATABASE_URL: 'postgres://127.0.0.1:9/none' };

/** Resolves when the server answers its first request. */
const ready = async (child: ChildProcess): Promise<void> => {
  child.stdin?.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  if (child.stdout) await once(child.stdout, 'data');
};

describe('the sample shop as a process', () => {
  test('ends when its stdin does, which is how the death of its parent shows', async () => {
    const child = start(DATABASE);
    await ready(child);
    const from = performance.now();
    child.stdin?.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(performance.now() - from).toBeLessThan(2_000);
  });

  test('survives the Ctrl-C of a terminal, and ends on SIGTERM', async () => {
    const child = start(DATABASE);
    await ready(child);
    child.kill('SIGINT');
    await sleep(200);
    await ready(child);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('does not start without a database, and says what is missing', async () => {
    const child = start({});
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said).toMatch(/^acme: ACME_DATABASE_URL is not set/);
  });
});
