import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
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
  // The child ends when its pipe does, and that is after its parent has become a program that never asks for it.
  const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const [, answers, , held] = parent.stdio;
  try {
    const [line] = await once(answers ?? parent, 'data');
    const zombie = Number(String(line));
    await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim() === 'sleep');
    held?.destroy();
    await until(() => startedAt(zombie) === null);
    expect(() => process.kill(zombie, 0)).not.toThrow();
  } finally {
    parent.kill('SIGKILL');
  }
});

const until = async (condition: () => boolean) => {
  for (const end = Date.now() + 5_000; !condition(); await new Promise((resolve) => setTimeout(resolve, 10)))
    expect(Date.now()).toBeLessThan(end);
};

test('a record that was cut short or is missing counts as none', () => {
  const file = join(newFolder(), 'record.json');
  expect(readRecord(file, processRecord)).toBeNull();
  writeFileSync(file, '{"pid":12');
  expect(readRecord(file, processRecord)).toBeNull();
  writeFileSync(file, '{"pid":-1,"started":"now"}');
  expect(readRecord(file, processRecord)).toBeNull();
});
