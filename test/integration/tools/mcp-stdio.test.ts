import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMcpProvider } from '../../../integrations/mcp.ts';
import type { ToolProvider } from '../../../integrations/tools.ts';

const SERVER = {
  name: 'fixture',
  command: process.execPath,
  args: ['--import', 'tsx', 'fixture-stdio.ts'],
  env: { GIVEN: 'yes' },
  cwd: import.meta.dirname,
};
const TIMEOUT_MS = 20_000;
const never = () => new AbortController().signal;

let provider: ToolProvider;
beforeAll(() => {
  provider = createMcpProvider(SERVER);
});
afterAll(() => provider.close());

const call = (name: string, args = {}, signal = never(), timeoutMs = TIMEOUT_MS) =>
  provider.call(name, args, signal, timeoutMs);
const pid = async () => Number((await call('pid')).content);

const isAlive = (id: number): boolean => {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
};

const gone = async (id: number): Promise<boolean> => {
  for (let tries = 0; tries < 100 && isAlive(id); tries++) await sleep(50);
  return !isAlive(id);
};

describe('tools of an MCP child process', () => {
  test('are listed, and the same list comes back while nothing changes', async () => {
    const tools = await provider.list();
    expect(tools.find(({ name }) => name === 'echo')).toMatchObject({
      description: 'Says it again.',
      inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    });
    expect(await provider.list()).toBe(tools);
  });

  test('many calls at once share one child', async () => {
    const said = await Promise.all(Array.from({ length: 20 }, (_, i) => call('echo', { text: `call ${i}` })));
    expect(said).toEqual(Array.from({ length: 20 }, (_, i) => ({ ok: true, content: `call ${i}` })));
    expect(new Set(await Promise.all([pid(), pid(), pid()])).size).toBe(1);
  });

  test('the child sees what it was given and none of our secrets', async () => {
    process.env.DESK_SECRET = 'a-secret-that-must-not-leak-anywhere';
    const second = createMcpProvider(SERVER);
    const { content } = await second.call('env', {}, never(), TIMEOUT_MS);
    await second.close();
    delete process.env.DESK_SECRET;
    expect(JSON.parse(content)).toMatchObject({ GIVEN: 'yes' });
    expect(content).not.toContain('DESK_SECRET');
  });

  test("a tool's own error, an unknown tool and wrong arguments are answers", async () => {
    expect(await call('fail')).toEqual({ ok: false, content: 'no such order' });
    expect(await call('nothing')).toMatchObject({ ok: false, content: expect.stringContaining('nothing') });
    expect(await call('echo', { text: 1 })).toMatchObject({ ok: false });
  });

  test('a new tool shows in the next list', async () => {
    const before = await provider.list();
    await call('grow');
    const after = await provider.list();
    expect(after.length).toBe(before.length + 1);
    expect(await call('grown')).toEqual({ ok: true, content: 'here' });
  });

  test('a result that nobody can write down fails the call and not the process', async () => {
    await expect(call('deep')).rejects.toMatchObject({ name: 'ToolUnavailable', outcome: 'unknown' });
    expect(await call('echo', { text: 'still here' })).toMatchObject({ ok: true });
  });
});

describe('when the child dies', () => {
  test('the call in flight fails with an unknown outcome, the next one starts a new child', async () => {
    const first = await pid();
    await expect(call('die')).rejects.toMatchObject({ name: 'ToolUnavailable', outcome: 'unknown' });
    const second = await pid();
    expect(second).not.toBe(first);
    expect(isAlive(first)).toBe(false);
  });

  test('killed while idle, it is back at the next call', async () => {
    const first = await pid();
    process.kill(first, 'SIGKILL');
    expect(await gone(first)).toBe(true);
    await sleep(100);
    expect(await pid()).not.toBe(first);
  });

  test('calls in flight beside the deadly one all fail, none hangs', async () => {
    const calls = await Promise.allSettled([call('sleep'), call('sleep'), call('die')]);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });
});

describe('time', () => {
  test('a frozen child is replaced once it has let a call and a ping run out of time', async () => {
    const frozen = await pid();
    process.kill(frozen, 'SIGSTOP');
    await expect(call('pid', {}, never(), 200)).rejects.toMatchObject({ outcome: 'unknown' });
    await sleep(2_500);
    expect(await pid()).not.toBe(frozen);
    expect(await gone(frozen)).toBe(true);
  });

  test('a call that takes too long is cancelled at the server too', async () => {
    await pid();
    const from = performance.now();
    await expect(call('sleep', {}, never(), 200)).rejects.toMatchObject({
      name: 'ToolUnavailable',
      outcome: 'unknown',
      message: 'tool provider "fixture" did not answer within 200 ms',
    });
    expect(performance.now() - from).toBeLessThan(1_500);
    expect(await call('cancelled')).toEqual({ ok: true, content: '1' });
  });

  test('an abort rejects with its own reason, and one that came before sends nothing', async () => {
    const abort = new AbortController();
    const slow = call('sleep', {}, abort.signal);
    setTimeout(() => abort.abort(new Error('superseded')), 50);
    await expect(slow).rejects.toThrow('superseded');
    await expect(call('echo', { text: 'x' }, abort.signal)).rejects.toThrow('superseded');
  });

  test('a child that cannot be started fails fast, also the second time', async () => {
    const broken = createMcpProvider({ ...SERVER, name: 'broken', command: '/no/such/command' });
    await expect(broken.call('x', {}, never(), TIMEOUT_MS)).rejects.toMatchObject({
      outcome: 'not_sent',
      message: 'tool provider "broken" cannot be reached (Error ENOENT)',
    });
    await expect(broken.list()).rejects.toThrow('could not be started a moment ago');
    await broken.close();
  });

  test('a child that never speaks costs the caller its time-out and no more', async () => {
    const mute = createMcpProvider({ ...SERVER, name: 'mute', args: ['-e', 'process.stdin.resume()'] });
    await expect(mute.call('x', {}, never(), 300)).rejects.toMatchObject({
      name: 'ToolUnavailable',
      outcome: 'not_sent',
    });
    await mute.close();
  });
});

describe('no child outlives us', () => {
  test('close ends it, fails what is in flight and refuses what comes', async () => {
    const closing = createMcpProvider(SERVER);
    const id = Number((await closing.call('pid', {}, never(), TIMEOUT_MS)).content);
    const slow = closing.call('sleep', {}, never(), TIMEOUT_MS);
    slow.catch(() => undefined);
    await closing.close();
    await expect(slow).rejects.toMatchObject({ name: 'ToolUnavailable' });
    expect(await gone(id)).toBe(true);
    await expect(closing.call('pid', {}, never(), TIMEOUT_MS)).rejects.toThrow('is closed');
  });

  test('our own death by kill -9 ends it', async () => {
    const parent = spawn(
      process.execPath,
      ['--import', 'tsx', 'fixture-parent.ts', process.execPath, '--import', 'tsx', 'fixture-stdio.ts'],
      { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [line] = await once(parent.stdout, 'data');
    const id = Number(String(line));
    expect(isAlive(id)).toBe(true);
    parent.kill('SIGKILL');
    expect(await gone(id)).toBe(true);
  });
});
