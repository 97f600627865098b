import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcherConfig, readConfig } from '../config.ts';
import { startPostgres as start } from '../local/services/postgres.ts';
import { openSite } from '../local/site.ts';

/** A Postgres of the test's own, as `npm start` has one: for what no other test may notice. `stop` ends it. */
export const startPostgres = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'duradesk-postgres-'));
  // It may run as another user, who has to come through.
  chmodSync(dataDir, 0o711);
  const site = await openSite({ dataDir, config: readConfig(launcherConfig, { PATH: process.env.PATH }), fast: true });
  process.on('exit', site.kill);
  const stop = async (): Promise<void> => {
    await site.close();
    process.off('exit', site.kill);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { url } = await start(site, () => {});
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
