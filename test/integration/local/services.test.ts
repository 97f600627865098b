import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { launcherConfig, readConfig } from '../../../config.ts';
import { startBacking } from '../../../local/backing.ts';
import { startPostgres } from '../../../local/services/postgres.ts';
import { startRedis } from '../../../local/services/redis.ts';
import { startTemporal } from '../../../local/services/temporal.ts';
import { openSite, type Site } from '../../../local/site.ts';
import { createFolders } from '../../folders.ts';

const newFolder = createFolders();

const silently = () => {};
const { TEST_TEMPORAL_ADDRESS, TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;

let site: Site;
const open = async (env: NodeJS.ProcessEnv) => {
  site = await openSite({ dataDir: newFolder(), config: readConfig(launcherConfig, env), fast: true });
  return site;
};
afterEach(() => site.close());

test('what the environment names is used, and nothing is started', async () => {
  await open({
    TEMPORAL_ADDRESS: TEST_TEMPORAL_ADDRESS,
    DATABASE_URL: TEST_DATABASE_URL,
    REDIS_URL: TEST_REDIS_URL,
  });
  const backing = await startBacking(site, () => silently);
  expect(backing).toEqual({
    temporal: expect.objectContaining({ source: 'environment', url: TEST_TEMPORAL_ADDRESS, ui: null }),
    postgres: expect.objectContaining({ source: 'environment', url: TEST_DATABASE_URL }),
    redis: expect.objectContaining({ source: 'environment', url: TEST_REDIS_URL }),
  });
  expect(readdirSync(join(site.dataDir, 'logs'))).toEqual([]);
});

test.each([
  ['TEMPORAL_ADDRESS', '127.0.0.1:9', startTemporal],
  ['DATABASE_URL', 'postgres://nobody:secret@127.0.0.1:9/none', startPostgres],
  ['REDIS_URL', 'redis://:secret@127.0.0.1:9', startRedis],
] as const)('%s that leads nowhere is told by its name, without its value', async (name, value, start) => {
  await open({ [name]: value, PATH: process.env.PATH });
  const error = await start(site, silently).then(
    () => null,
    (reason: Error) => reason,
  );
  expect(error?.name).toBe('CannotProvide');
  expect(error?.message).toContain(`${name} is set, but`);
  expect(error?.message).not.toContain('secret');
});
