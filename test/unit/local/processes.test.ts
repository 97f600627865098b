import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Child } from '../../../local/child.ts';
import { endLeftovers } from '../../../local/leftovers.ts';
import { recordOf, startedAt } from '../../../local/process-record.ts';
import { createProcesses, type Processes } from '../../../local/processes.ts';
import { createFolders } from '../../folders.ts';

const newFolder = createFolders();

let folder: string;
let folders: { logs: string; run: string };
let deaths: string[];
let processes: Processes;

beforeEach(() => {
  folder = newFolder();
  folders = { logs: join(folder, 'logs'), run: join(folder, 'run') };
  for (const path of Object.values(folders)) mkdirSync(path);
  deaths = [];
  processes = createProcesses(folders, { onDeath: ({ name }) => deaths.push(name), orderlyMs: 500 });
});
afterEach(() => processes.stopAll());

const shell = (name: string, script: string) => ({ name, command: '/bin/sh', args: ['-c', script] });
const says = (word: string) => async (child: Child) => {
  if (!child.output().includes(word)) throw new Error(`it has not said ${word}`);
};
const start = (name: string, script = 'echo up; sleep 60') => processes.start(shell(name, script), says('up'));

describe('start', () => {
  test('resolves when the process is ready, not before', async () => {
    const begun = Date.now();
    await start('slow', 'sleep 0.3; echo up; sleep 60');
    expect(Date.now() - begun).toBeGreaterThanOrEqual(300);
  });

  test('rejects with the last words of a process that ends before', async () => {
    await expect(start('broken', 'echo no such table; exit 3')).rejects.toThrow(
      /^broken ended before it was ready \(exit code 3\).*broken\.log:\n {2}no such table$/s,
    );
    expect(deaths).toEqual([]);
  });

  test('rejects when there is no such program', async () => {
    await expect(processes.run({ name: 'nothing', command: '/no/such/program', args: [] })).rejects.toThrow(
      '/no/such/program could not be started',
    );
  });

  test('keeps a record for as long as the process runs', async () => {
    const child = await start('noted');
    const file = join(folders.run, 'noted.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...recordOf(child.pid), stopSignal: 'SIGTERM' });
    await processes.stop(child);
    expect(existsSync(file)).toBe(false);
  });
});

describe('the end', () => {
  test('comes to the newest first', async () => {
    const order = join(folder, 'order');
    for (const name of ['first', 'second', 'third'])
      await start(name, `trap 'echo ${name} >> ${order}; exit' TERM; echo up; while :; do sleep 0.05; done`);
    await processes.stopAll();
    expect(readFileSync(order, 'utf8')).toBe('third\nsecond\nfirst\n');
    expect(deaths).toEqual([]);
  });

  test('comes to a process that will not, and to what it started', async () => {
    const child = await start('stubborn', "trap '' TERM; sleep 60 & echo $!; echo up; while :; do sleep 0.05; done");
    const grandchild = Number(child.output().split('\n')[0]);
    expect(startedAt(grandchild)).not.toBeNull();
    await processes.stop(child);
    expect(child.ended()).toBe('SIGKILL');
    for (const until = Date.now() + 5_000; startedAt(grandchild) !== null && Date.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(startedAt(grandchild)).toBeNull();
  });

  test('is reported when nobody asked for it', async () => {
    const child = await start('mortal');
    child.kill('SIGKILL');
    await child.gone;
    await new Promise(setImmediate);
    expect(deaths).toEqual(['mortal']);
  });

  test('waits longer for a process that says so', async () => {
    const script = "trap 'sleep 1; echo done; exit 0' TERM; echo up; while :; do sleep 0.05; done";
    const child = await processes.start({ ...shell('thorough', script), orderlyMs: 10_000 }, says('up'));
    await processes.stop(child);
    expect([child.ended(), child.output()]).toEqual(['exit code 0', 'up\ndone\n']);
  });

  test('lets nothing start any more', async () => {
    await processes.stopAll();
    await expect(start('late')).rejects.toThrow('everything is being stopped');
  });
});

describe('run', () => {
  test('resolves with the output', async () => {
    expect(await processes.run(shell('hello', 'echo hello'))).toBe('hello\n');
  });

  test('rejects when the program fails', async () => {
    await expect(processes.run(shell('failing', 'echo disk full; exit 1'))).rejects.toThrow(/disk full/);
  });
});

describe('leftovers', () => {
  test('are ended, whoever started them', async () => {
    const child = await start('left');
    expect(await endLeftovers(folders.run)).toEqual(['left']);
    expect(startedAt(child.pid)).toBeNull();
    expect(existsSync(join(folders.run, 'left.json'))).toBe(false);
  });

  test('are not confused with another process that has their pid now', async () => {
    const stranger = await start('stranger');
    const file = join(folders.run, 'stranger.json');
    writeFileSync(file, JSON.stringify({ ...recordOf(process.pid), pid: stranger.pid, stopSignal: 'SIGTERM' }));
    expect(await endLeftovers(folders.run)).toEqual([]);
    expect(startedAt(stranger.pid)).not.toBeNull();
    expect(existsSync(file)).toBe(false);
  });

  test('that cannot be read are forgotten', async () => {
    writeFileSync(join(folders.run, 'half.json'), '{"pid":');
    expect(await endLeftovers(folders.run)).toEqual([]);
    expect(existsSync(join(folders.run, 'half.json'))).toBe(false);
  });
});
