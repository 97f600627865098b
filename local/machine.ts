import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { LauncherConfig } from '../config.ts';

/** What provisioning asks of the computer it runs on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly root: boolean;
  /** Kept between starts and shared by all folders of this user. */
  readonly cacheDir: string;
  /** Path of the first of the programs that PATH holds. */
  onPath(...names: string[]): string | undefined;
  isExecutable(file: string): boolean;
  /** Runs a program to its end. Rejects, with the end of its output, when it fails. */
  run(name: string, command: string, args: readonly string[], env?: Record<string, string>): Promise<void>;
}

export const thisMachine = (config: Pick<LauncherConfig, 'PATH' | 'XDG_CACHE_HOME'>, run: Machine['run']): Machine => ({
  platform: process.platform,
  arch: process.arch,
  root: process.getuid?.() === 0,
  cacheDir: join(config.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'duradesk'),
  onPath: (...names) =>
    names
      .flatMap((name) =>
        config.PATH.split(delimiter)
          .filter(Boolean)
          .map((folder) => join(folder, name)),
      )
      .find(isExecutable),
  isExecutable,
  run,
});

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/** uid and gid of the first of `names` that the machine knows (passwd(5)). */
export const systemUser = (...names: string[]): { uid: number; gid: number } | undefined => {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const entry = names.map((name) => entries.find(([known]) => known === name)).find((found) => found !== undefined);
  return entry && { uid: Number(entry[2]), gid: Number(entry[3]) };
};
