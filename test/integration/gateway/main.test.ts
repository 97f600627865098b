import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { useGateways } from './rig.ts';

const root = resolve(import.meta.dirname, '../../..');
const { client } = useGateways();
/** Port 1 is nobody's: everything behind this gateway is away. */
const settings = {
  DATABASE_URL: 'postgres://desk:sEcReT@127.0.0.1:1/desk',
  REDIS_URL: 'redis://:sEcReT@127.0.0.1:1',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  DESK_PLAYBOOK: join(root, 'local/acme'),
  DESK_PORT: '0',
  DESK_SECRET: 'sEcReT-sEcReT-sEcReT-sEcReT-sEcReT',
};

let folder: string;
let running: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  await mkdir(join(folder, 'dist/page/assets'), { recursive: true });
  await writeFile(join(folder, 'dist/page/index.html'), '<!doctype html><title>Desk</title>');
  await writeFile(join(folder, 'dist/page/assets/main.js'), 'export {};');
  await writeFile(join(folder, 'private.txt'), 'private');
});

afterEach(async () => {
  running?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

const start = (env: Record<string, string>) => {
  const args = ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), join(root, 'gateway/main.ts')];
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let output = '';
  const exited = once(child, 'close').then(([code]) => code as number | null);
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, exited, output: () => output };
};

test('serves its page and says what is away; on SIGTERM it lets its clients go and exits', async () => {
  const { child, exited, output } = start(settings);
  while (!output().includes('Server listening')) await once(child.stdout, 'data');
  const origin = /http:\/\/127\.0\.0\.1:\d+/.exec(output())?.[0] ?? '';

  const page = await fetch(`${origin}/`);
  expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>Desk</title>']);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const script = await fetch(`${origin}/assets/main.js`);
  expect(script.headers.get('content-type')).toMatch(/^(text|application)\/javascript/);
  for (const path of ['/../private.txt', '/%2e%2e/private.txt', '/..%2f..%2fprivate.txt', '/assets', '/assets/'])
    expect([path, (await fetch(origin + path)).status]).toEqual([path, 404]);

  const ready = await fetch(`${origin}/readyz`);
  const away = { temporal: 'unavailable', redis: 'unavailable', postgres: 'unavailable' };
  expect([ready.status, await ready.json()]).toEqual([503, away]);
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);

  const ann = await client({ url: `${origin.replace('http', 'ws')}/v1/socket`, origin });
  expect((await ann.hello()).desk.company).toMatch(/\w/);
  expect(await ann.frame('error')).toMatchObject({ code: 'unavailable' });
  ann.send({ type: 'send', clientMessageId: 'message-1', text: 'Hello?' });
  await ann.until('refusal', () => ann.frames.some((each) => each.type === 'error' && each.clientMessageId));
  expect(ann.frames.map(({ type }) => type)).not.toContain('ack');

  child.kill('SIGTERM');
  await ann.frame('bye');
  expect(await ann.closed()).toBe(CLOSE.restart);
  expect(await exited).toBe(0);
  expect(output()).not.toContain('sEcReT');
}, 30_000);

test.each<[string, Record<string, string>, RegExp]>([
  [
    'bad settings',
    { DESK_SECRET: 'sEcReT', REDIS_URL: 'sEcReT', TEMPORAL_ADDRESS: '', DESK_PROT: '1' },
    /^DESK_PROT is no setting.*REDIS_URL must be.*TEMPORAL_ADDRESS is not set.*DESK_SECRET must be at least 32 characters/,
  ],
  ['no playbook', { DESK_PLAYBOOK: '/nowhere' }, /^DESK_PLAYBOOK: .*nowhere/],
])('does not start with %s, and says so in one line', async (_what, env, line) => {
  const { exited, output } = start({ ...settings, ...env });
  expect(await exited).toBe(1);
  expect(output().trim()).toMatch(line);
  expect(output().trim().split('\n')).toHaveLength(1);
  expect(output()).not.toContain('sEcReT');
});
