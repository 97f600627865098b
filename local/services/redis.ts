import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectCommands, ready } from '../../stream/connection.ts';
import type { Site } from '../site.ts';
import { findRedisProgram } from './redis-program.ts';
import { CannotProvide, reasonOf, type Say, type Service } from './service.ts';

/**
 * Redis for this desk: `REDIS_URL`, else a server of our own that keeps nothing on disk (it only speeds up what Temporal
 * and Postgres hold) and never evicts, because half an event log is worse than an error.
 */
export const startRedis = async (site: Site, say: Say): Promise<Service> => {
  const url = site.config.REDIS_URL;
  if (url !== undefined) {
    await ping(url).catch((error: unknown) => {
      throw new CannotProvide(`REDIS_URL is set, but no Redis answers there: ${reasonOf(error)}`);
    });
    return { name: 'Redis', source: 'environment', detail: 'REDIS_URL', url };
  }
  const program = await findRedisProgram(site.machine, say);
  const port = await site.ports.free(6379);
  const folder = join(site.dataDir, 'redis');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const settings = join(folder, 'redis.conf');
  writeFileSync(settings, conf({ port, folder, password: site.secrets.redis }), { mode: 0o600 });
  const own = `redis://:${site.secrets.redis}@127.0.0.1:${port}`;
  say(`starting ${program.path}`);
  await site.processes.start({ name: 'redis', command: program.path, args: [settings] }, () => ping(own));
  return { name: 'Redis', source: program.source, detail: program.detail, url: own };
};

/** A file, because what stands on a command line can be read by every user of the machine. */
const conf = ({ port, folder, password }: { port: number; folder: string; password: string }): string =>
  [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${JSON.stringify(folder)}`,
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');

/** Resolves when Redis takes commands at `url`, within 5 s. */
const ping = async (url: string): Promise<void> => {
  const redis = connectCommands(url, () => {});
  try {
    await ready(redis);
  } finally {
    redis.disconnect();
  }
};
