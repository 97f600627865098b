import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import type { Machine } from '../machine.ts';
import { aptInstall, disableService, hasApt } from './apt.ts';
import { CannotProvide, type Program, reasonOf, type Say } from './service.ts';

const NAMES = ['redis-server', 'valkey-server'];
const PACKAGE = 'redis-memory-server';
const VERSION = '7.2.11';

/** A Redis or Valkey server: on PATH, else from the system's package manager, else built by npm `redis-memory-server`. */
export const findRedisProgram = async (machine: Machine, say: Say): Promise<Program> => {
  const found = machine.onPath(...NAMES);
  if (found !== undefined) return { path: found, source: 'found', detail: found };
  const tried: string[] = [];
  for (const [how, install] of waysToInstall(machine, say)) {
    try {
      const path = await install();
      if (path !== undefined) return { path, source: 'provisioned', detail: how };
    } catch (error) {
      tried.push(`${how}: ${reasonOf(error)}`);
    }
  }
  throw new CannotProvide(
    [
      'Redis is not here and could not be installed. Install redis-server or valkey-server with your package manager,',
      'or set REDIS_URL to a running one, or run: npm install --no-save --ignore-scripts redis-memory-server (it builds Redis with make)',
      ...tried.map((line) => `\n  ${line}`),
    ].join(' '),
  );
};

const waysToInstall = (machine: Machine, say: Say): [string, () => Promise<string | undefined>][] => {
  const ways: [string, () => Promise<string | undefined>][] = [];
  if (hasApt(machine)) {
    ways.push([
      'apt-get install redis-server',
      async () => {
        await aptInstall(machine, 'redis-server', say);
        await disableService(machine, 'redis-server');
        return machine.onPath(...NAMES);
      },
    ]);
  }
  const brew = machine.platform === 'darwin' ? machine.onPath('brew') : undefined;
  if (brew !== undefined) {
    ways.push([
      'brew install redis',
      async () => {
        say('brew install redis (about a minute)');
        await machine.run('brew-install', brew, ['install', '--quiet', 'redis']);
        return machine.onPath(...NAMES);
      },
    ]);
  }
  ways.push([`npm ${PACKAGE}`, () => fromNpm(machine, say)]);
  return ways;
};

const redisMemoryServer = z.object({
  RedisBinary: z.custom<{ getPath(options: { version: string; downloadDir: string }): Promise<string> }>(
    (binary) => typeof binary === 'function' && 'getPath' in binary,
  ),
});

/** Not a dependency: its install script builds Redis on every machine, also where one is at hand. */
const fromNpm = async (machine: Machine, say: Say): Promise<string | undefined> => {
  let loaded: unknown;
  try {
    loaded = createRequire(import.meta.url)(PACKAGE);
  } catch {
    return undefined;
  }
  say(`${PACKAGE} builds Redis ${VERSION} (about 2 min, once)`);
  const { RedisBinary } = redisMemoryServer.parse(loaded);
  return RedisBinary.getPath({ version: VERSION, downloadDir: join(machine.cacheDir, 'redis') });
};
