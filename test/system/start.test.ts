import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { childRecord } from '../../local/child-record.ts';
import { type DeskFile, findDesk } from '../../local/desk-file.ts';
import { isRunning, type ProcessRecord, readRecord } from '../../local/process-record.ts';

const root = resolve(import.meta.dirname, '../..');
/** On two idle cores a start takes 8 s; these are for a machine with much else to do. */
const READY_WITHIN_MS = 150_000;
jest.setTimeout(3 * READY_WITHIN_MS);

type Start = { process: ChildProcess; output(): string; exited: Promise<number | null> };

let folder: string;
let starts: Start[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  // Postgres may run as another user, who has to come through.
  chmodSync(folder, 0o711);
  starts = [];
});
afterEach(async () => {
  for (const { process, exited } of starts) {
    process.kill('SIGTERM');
    await exited;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** What a person types, without a terminal. Nothing of the test's own services is handed on. */
const start = (...args: string[]): Start => {
  const { DATABASE_URL, REDIS_URL, TEMPORAL_ADDRESS, OPENAI_API_KEY, OPENAI_BASE_URL, ...env } = process.env;
  const child = spawn('npm', ['start', '--', ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk));
  const started = {
    process: child,
    output: () => output,
    exited: once(child, 'exit').then(([code]) => code),
  };
  starts.push(started);
  return started;
};

const ready = async (dataDir: string, { output, process }: Start): Promise<DeskFile> => {
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until && process.exitCode === null; ) {
    const desk = findDesk(dataDir);
    if (desk) return desk;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not ready:\n${output()}`);
};

/** Every process that a launcher recorded, by name. */
const children = (dataDir: string): Record<string, ProcessRecord> => {
  const run = join(dataDir, 'run');
  const recorded = readdirSync(run).flatMap((file) => {
    const record = readRecord(join(run, file), childRecord);
    return record === null ? [] : [[basename(file, '.json'), record] as const];
  });
  return Object.fromEntries(recorded);
};

const namesOfRunning = (records: Record<string, ProcessRecord>): string[] =>
  Object.entries(records)
    .filter(([, record]) => isRunning(record))
    .map(([name]) => name)
    .sort();

test('npm start brings everything up, says where, and leaves nothing behind', async () => {
  const dataDir = join(folder, 'desk');
  const started = start('--data', dataDir);
  const desk = await ready(dataDir, started);
  const running = children(dataDir);
  expect(namesOfRunning(running)).toEqual(['gateway', 'model', 'postgres', 'redis', 'temporal', 'worker']);

  expect((await fetch(`${desk.gateway}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${desk.gateway}/`)).text()).toContain('<html');
  expect((await fetch(`${desk.temporalUi}`)).status).toBe(200);
  expect(started.output()).toContain('rule-and-retrieval model, not a language model');
  expect(started.output()).toContain(`Customer page    ${desk.gateway}/\n`);
  expect(started.output()).toContain(`${desk.temporalUi}\n`);

  const second = start('--data', dataDir);
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(`A desk already runs from ${dataDir}: process ${desk.pid}, ${desk.gateway}`);
  expect(namesOfRunning(running)).toHaveLength(6);

  started.process.kill('SIGTERM');
  await started.exited;
  expect(namesOfRunning(running)).toEqual([]);
  expect(isRunning(desk)).toBe(false);
  expect(existsSync(join(dataDir, 'desk.json'))).toBe(false);
});

test('after kill -9 the next start ends what was left, and a desk in another folder is not touched', async () => {
  const dirs = [join(folder, 'first'), join(folder, 'second')] as const;
  const [first, second] = [start('--data', dirs[0]), start('--data', dirs[1])];
  const [desk, other] = [await ready(dirs[0], first), await ready(dirs[1], second)];
  const addresses = [desk, other].flatMap(({ gateway, temporal, temporalUi }) => [gateway, temporal, temporalUi]);
  expect(new Set(addresses).size).toBe(6);

  const left = children(dirs[0]);
  process.kill(desk.pid, 'SIGKILL');
  await first.exited;
  expect(namesOfRunning(left)).toHaveLength(6);

  const again = start('--data', dirs[0]);
  const reborn = await ready(dirs[0], again);
  expect(again.output()).toContain('Ended what an earlier start had left running');
  expect(namesOfRunning(left)).toEqual([]);
  expect(reborn.secret).toBe(desk.secret);
  expect((await fetch(`${reborn.gateway}/readyz`)).status).toBe(200);
  expect((await fetch(`${other.gateway}/readyz`)).status).toBe(200);
});

test('when a part dies, its name and last words are told and the rest is ended', async () => {
  const dataDir = join(folder, 'desk');
  const started = start('--data', dataDir);
  await ready(dataDir, started);
  const { redis, ...rest } = children(dataDir);
  process.kill(redis?.pid ?? 0, 'SIGKILL');
  expect(await started.exited).toBe(1);
  expect(started.output()).toMatch(/redis ended by itself \(SIGKILL\)\. The end of .*redis\.log:/);
  expect(namesOfRunning(rest)).toEqual([]);
});

test('a setting that is wrong is told before anything starts', async () => {
  const dataDir = join(folder, 'desk');
  const child = spawn('npm', ['start', '--', '--data', dataDir], {
    cwd: root,
    env: { ...process.env, DESK_SECRET: 'short' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let written = '';
  child.stderr.on('data', (chunk: Buffer) => (written += chunk));
  expect((await once(child, 'exit'))[0]).toBe(1);
  expect(written).toContain('DESK_SECRET must be at least 32 characters');
  expect(existsSync(dataDir)).toBe(false);
});
