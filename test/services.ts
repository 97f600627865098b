import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcherConfig, readConfig } from '../config.ts';
import { startBacking } from '../local/backing.ts';
import { endLeftovers } from '../local/leftovers.ts';
import { LOCK } from '../local/lock.ts';
import { isRunning, processRecord, readRecord } from '../local/process-record.ts';
import { findChromium } from '../local/services/chromium.ts';
import { openSite } from '../local/site.ts';

/** Set by the setup for the test files, or beforehand by a person who has servers of their own for tests. */
const { TEST_TEMPORAL_ADDRESS, TEST_DATABASE_URL, TEST_REDIS_URL, TEST_CHROMIUM } = process.env;

/** Never the addresses of a desk (`DATABASE_URL` and so on): tests write to what they are given. */
const config = readConfig(launcherConfig, {
  PATH: process.env.PATH,
  XDG_CACHE_HOME: process.env.XDG_CACHE_HOME,
  CHROMIUM_PATH: TEST_CHROMIUM ?? process.env.CHROMIUM_PATH,
  TEMPORAL_ADDRESS: TEST_TEMPORAL_ADDRESS,
  DATABASE_URL: TEST_DATABASE_URL,
  REDIS_URL: TEST_REDIS_URL,
});

const parent = join(tmpdir(), `duradesk-tests-${process.getuid?.() ?? 'user'}`);

/**
 * Temporal, Postgres and Redis for tests, found or provisioned as `npm start` does it, in a folder that is removed again.
 * Their addresses are in `process.env` afterwards. Resolves with what ends them.
 */
export const startServices = async (): Promise<() => Promise<void>> => {
  mkdirSync(parent, { recursive: true, mode: 0o711 });
  await removeAbandoned();
  const dataDir = mkdtempSync(join(parent, 'run-'));
  // Postgres may run as another user, who has to come through.
  chmodSync(dataDir, 0o711);
  const site = await openSite({ dataDir, config, fast: true });
  process.on('exit', site.kill);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const stop = async () => {
    await site.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { temporal, postgres, redis } = await startBacking(
      site,
      (name) => (line) => console.error(`${name}: ${line}`),
    );
    process.env.TEST_TEMPORAL_ADDRESS = temporal.url;
    process.env.TEST_TEMPORAL_UI = temporal.ui ?? '';
    process.env.TEST_DATABASE_URL = postgres.url;
    process.env.TEST_REDIS_URL = redis.url;
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
};

/** Leaves the path of the browser in `TEST_CHROMIUM`; installs one where that is possible. */
export const provideChromium = async (): Promise<void> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'duradesk-chromium-'));
  const site = await openSite({ dataDir, config, fast: true });
  try {
    process.env.TEST_CHROMIUM = await findChromium(config, site.machine, (line) => console.error(`Chromium: ${line}`));
  } finally {
    await site.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** A test run that was killed could not end its servers. */
const removeAbandoned = async (): Promise<void> => {
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name);
    const holder = readRecord(join(folder, 'run', LOCK), processRecord);
    if (holder === null || isRunning(holder)) continue;
    await endLeftovers(join(folder, 'run'));
    rmSync(folder, { recursive: true, force: true });
  }
};
