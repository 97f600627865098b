import { createHash } from 'node:crypto';
import { chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemUser } from '../machine.ts';
import type { Site } from '../site.ts';
import { CannotProvide } from './service.ts';

/** Whom the server runs as when the launcher is root, which Postgres refuses to be; else `undefined`: as the launcher. */
export type SystemUser = { uid: number; gid: number } | undefined;

export const serverUser = (site: Site): SystemUser => {
  if (!site.machine.root) return undefined;
  const user = systemUser('postgres', 'nobody');
  if (user === undefined)
    throw new CannotProvide(
      'Postgres does not run as root, and there is no user postgres or nobody: start as an ordinary user, or set DATABASE_URL',
    );
  return user;
};

/**
 * The folder for the server's files: in the desk's own, unless that lies where the server's user may not go, such as root's
 * home. Then in /var/tmp, under a name that belongs to this desk's password: a desk that is made anew never meets old data.
 */
export const placeFor = async (site: Site, user: SystemUser): Promise<string> => {
  if (user === undefined || (await mayEnter(site, site.dataDir, user)))
    return own(join(site.dataDir, 'postgres'), user);
  const key = createHash('sha256').update(site.dataDir).update(site.secrets.postgres).digest('hex').slice(0, 16);
  const folder = own(join('/var/tmp', `duradesk-postgres-${key}`), user);
  if (site.fast) site.atClose(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const own = (folder: string, user: SystemUser): string => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
};

/** Asked of the system itself, as that user, since modes of all parents and access lists decide together. */
const asks = async (site: Site, script: string, path: string, user: SystemUser): Promise<boolean> => {
  try {
    const args = ['-c', script, 'sh', path];
    await site.processes.run({ name: 'postgres-access', command: '/bin/sh', args, cwd: '/', as: user });
    return true;
  } catch {
    return false;
  }
};

const mayEnter = (site: Site, folder: string, user: SystemUser) => asks(site, 'cd "$1"', folder, user);
export const mayExecute = (site: Site, file: string, user: SystemUser) => asks(site, 'test -x "$1"', file, user);
