import { chownSync, cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDatabase } from '../../store/database.ts';
import type { Site } from '../site.ts';
import { findPostgresProgram, type PostgresProgram } from './postgres-program.ts';
import { mayExecute, placeFor, type SystemUser, serverUser } from './postgres-user.ts';
import { CannotProvide, reasonOf, type Say, type Service } from './service.ts';

const ROLE = 'duradesk';

/** Postgres for this desk: `DATABASE_URL`, else a server of our own, on loopback with a password. */
export const startPostgres = async (site: Site, say: Say): Promise<Service> => {
  const url = site.config.DATABASE_URL;
  if (url !== undefined) {
    await connect(url).catch((error: unknown) => {
      throw new CannotProvide(`DATABASE_URL is set, but no database can be reached with it: ${reasonOf(error)}`);
    });
    return { name: 'Postgres', source: 'environment', detail: 'DATABASE_URL', url };
  }
  const user = serverUser(site);
  const folder = await placeFor(site, user);
  const data = join(folder, 'data');
  const made = existsSync(data) ? Number(readFileSync(join(data, 'PG_VERSION'), 'utf8')) : undefined;
  const program = await findPostgresProgram(site.machine, made, (postgres) =>
    site.processes.run({ name: 'postgres-version', command: postgres, args: ['--version'] }),
  );
  const bin = await executableBin(site, program, folder, user);
  if (made === undefined) {
    say('making the database (once)');
    await initialise(site, bin, folder, user);
  }
  const port = await site.ports.free(5432);
  const own = `postgres://${ROLE}:${site.secrets.postgres}@127.0.0.1:${port}/postgres`;
  say(`starting ${bin}/postgres`);
  await site.processes.start(
    {
      name: 'postgres',
      command: join(bin, 'postgres'),
      args: ['-D', data, ...settings(site, port).flatMap((setting) => ['-c', setting])],
      cwd: folder,
      as: user,
      // Its SIGTERM waits until every client has left of its own accord; SIGINT ends the sessions (PostgreSQL manual, 19.5).
      stopSignal: 'SIGINT',
    },
    () => connect(own),
  );
  const elsewhere = folder.startsWith(site.dataDir) ? '' : `, data in ${folder}`;
  return { name: 'Postgres', source: program.source, detail: `${program.detail}${elsewhere}`, url: own };
};

const settings = (site: Site, port: number): string[] => [
  'listen_addresses=127.0.0.1',
  `port=${port}`,
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=64MB',
  // Its DETAIL lines quote the row that offended, and no log may hold what a customer wrote.
  'log_error_verbosity=terse',
  ...(site.fast ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'] : []),
];

/** Made beside its place and moved there, so that a start that was interrupted is never taken for a finished one. */
const initialise = async (site: Site, bin: string, folder: string, user: SystemUser): Promise<void> => {
  const unfinished = join(folder, 'data.new');
  const password = join(folder, 'password.new');
  rmSync(unfinished, { recursive: true, force: true });
  writeFileSync(password, site.secrets.postgres, { mode: 0o600 });
  if (user !== undefined) chownSync(password, user.uid, user.gid);
  try {
    await site.processes.run({
      name: 'initdb',
      command: join(bin, 'initdb'),
      args: [
        ...['-D', unfinished, '-U', ROLE, '--pwfile', password, '--auth', 'scram-sha-256'],
        ...['--encoding', 'UTF8', '--locale', 'C', '--no-instructions'],
        ...(site.fast ? ['--no-sync'] : []),
      ],
      cwd: folder,
      as: user,
    });
  } finally {
    rmSync(password, { force: true });
  }
  renameSync(unfinished, join(folder, 'data'));
};

/** The programs, or a copy of them where the server's user cannot reach them (npm's, in a home that is closed to others). */
const executableBin = async (
  site: Site,
  program: PostgresProgram,
  folder: string,
  user: SystemUser,
): Promise<string> => {
  if (user === undefined || (await mayExecute(site, join(program.bin, 'postgres'), user))) return program.bin;
  const copy = join(folder, `program-${program.major}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(dirname(program.bin), unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, copy);
  }
  return join(copy, 'bin');
};

/** Resolves when a session can be opened, within 2 s. */
const connect = async (url: string): Promise<void> => {
  const db = createDatabase(url, () => {}, 1);
  try {
    await db.connection().execute(async () => {});
  } finally {
    await db.destroy();
  }
};
