import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isRunning, processRecord, readRecord, recordOf, startedAt } from '../../../local/process-record.ts';
import { createFolders } from '../../folders.ts';

const newFolder = createFolders();

test('a process is known again by its record', () => {
  const self = recordOf(process.pid);
  expect(isRunning(self)).toBe(true);
  expect(recordOf(process.pid)).toEqual(self);
});

test('a process that was given the same pid later is another one', () => {
  expect(isRunning({ ...recordOf(process.pid), started: recordOf(1).started })).toBe(false);
});

test('a process that has ended is not running', async () => {
  const child = spawn('sleep', ['30']);
  const record = recordOf(child.pid ?? 0);
  expect(isRunning(record)).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isRunning(record)).toBe(false);
  expect(() => recordOf(record.pid)).toThrow(`process ${record.pid} is gone`);
});

test('a zombie is not running', async () => {
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30']);
  try {
    const [line] = await once(parent.stdout, 'data');
    const zombie = Number(String(line));
    for (const until = Date.now() + 5_000; startedAt(zombie) !== null && Date.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(() => process.kill(zombie, 0)).not.toThrow();
    expect(startedAt(zombie)).toBeNull();
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a record that was cut short or is missing counts as none', () => {
  const file = join(newFolder(), 'record.json');
  expect(readRecord(file, processRecord)).toBeNull();
  writeFileSync(file, '{"pid":12');
  expect(readRecord(file, processRecord)).toBeNull();
  writeFileSync(file, '{"pid":-1,"started":"now"}');
  expect(readRecord(file, processRecord)).toBeNull();
});
