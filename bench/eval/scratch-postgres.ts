import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcherConfig, readConfig } from '../../config.ts';
import { startPostgres } from '../../local/services/postgres.ts';
import { openSite } from '../../local/site.ts';

/** An empty Postgres of its own, found or provisioned as `npm start` does it, and removed again. Never `DATABASE_URL`. */
export const withPostgres = async <T>(work: (url: string) => Promise<T>): Promise<T> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'duradesk-eval-'));
  // Postgres may run as another user, who has to come through.
  chmodSync(dataDir, 0o711);
  const { PATH, XDG_CACHE_HOME } = process.env;
  const site = await openSite({ dataDir, config: readConfig(launcherConfig, { PATH, XDG_CACHE_HOME }), fast: true });
  process.on('exit', site.kill);
  try {
    const { url } = await startPostgres(site, (line) => console.error(`Postgres: ${line}`));
    return await work(url);
  } finally {
    await site.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
