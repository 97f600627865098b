import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { type DeskFile, findDesk, removeDeskFile, writeDeskFile } from '../../../local/desk-file.ts';
import { takeLock } from '../../../local/lock.ts';
import { recordOf } from '../../../local/process-record.ts';
import { keepSecrets } from '../../../local/secrets.ts';
import { createFolders } from '../../folders.ts';

const newFolder = createFolders();

let folder: string;
beforeEach(() => {
  folder = newFolder();
});

describe('lock', () => {
  test('names its holder to whoever comes second', async () => {
    const file = join(folder, 'lock');
    expect(await takeLock(file)).toBeInstanceOf(Function);
    expect(await takeLock(file)).toBe(process.pid);
  });

  test('can be taken again once it was given back', async () => {
    const file = join(folder, 'lock');
    const unlock = await takeLock(file);
    if (typeof unlock === 'function') unlock();
    expect(await takeLock(file)).toBeInstanceOf(Function);
  });

  test('of a process that was killed is taken over', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, JSON.stringify({ ...recordOf(process.pid), started: 'long ago' }));
    expect(await takeLock(file)).toBeInstanceOf(Function);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(recordOf(process.pid));
  });
});

describe('secrets', () => {
  test('are drawn once, and closed to others', () => {
    const file = join(folder, 'secrets.json');
    const drawn = keepSecrets(file);
    expect(new Set(Object.values(drawn)).size).toBe(4);
    expect(keepSecrets(file)).toEqual(drawn);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('that cannot be read are not replaced in silence', () => {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, '{"desk":"short"}');
    expect(() => keepSecrets(file)).toThrow('restore it, or remove its whole folder');
    expect(readFileSync(file, 'utf8')).toBe('{"desk":"short"}');
  });
});

describe('desk file', () => {
  const desk: DeskFile = {
    gateway: 'http://127.0.0.1:8080',
    temporal: '127.0.0.1:7233',
    temporalNamespace: 'default',
    temporalUi: null,
    databaseUrl: 'postgres://desk:secret@127.0.0.1:5432/postgres',
    redisUrl: 'redis://:secret@127.0.0.1:6379',
    modelUrl: 'http://127.0.0.1:1/v1',
    secret: 'secret',
    identitySecret: 'secret',
    ...recordOf(process.pid),
  };

  test('is found while its launcher runs, and is closed to others', () => {
    writeDeskFile(folder, desk);
    expect(findDesk(folder)).toEqual(desk);
    expect(statSync(join(folder, 'desk.json')).mode & 0o777).toBe(0o600);
    removeDeskFile(folder);
    expect(findDesk(folder)).toBeNull();
  });

  test('of a launcher that was killed does not count', () => {
    writeDeskFile(folder, { ...desk, started: 'long ago' });
    expect(findDesk(folder)).toBeNull();
  });
});
