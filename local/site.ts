import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LauncherConfig } from '../config.ts';
import type { Child } from './child.ts';
import { findDesk } from './desk-file.ts';
import { endLeftovers } from './leftovers.ts';
import { LOCK, takeLock } from './lock.ts';
import { type Machine, thisMachine } from './machine.ts';
import { createPorts, type Ports } from './ports.ts';
import { createProcesses, type Processes } from './processes.ts';
import { keepSecrets, type Secrets } from './secrets.ts';

/** One folder in which a desk runs, with all that is kept and started there. */
export interface Site {
  readonly dataDir: string;
  readonly config: LauncherConfig;
  /** For tests: writes may be lost when the machine loses power, and the well-known ports are left to others. */
  readonly fast: boolean;
  readonly machine: Machine;
  readonly processes: Processes;
  readonly ports: Ports;
  readonly secrets: Secrets;
  /** What an earlier launcher left running and was ended now. */
  readonly leftovers: string[];
  atClose(clean: () => void): void;
  /** Ends every process and gives the folder free. */
  close(): Promise<void>;
  /** The same at once, without asking anybody. */
  kill(): void;
}

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
}

export type SiteOptions = {
  dataDir: string;
  config: LauncherConfig;
  fast?: boolean;
  /** A process that was ready has ended by itself. */
  onDeath?: (child: Child) => void;
};

/** Opens the folder for this launcher alone and ends what an earlier one left. Throws `AlreadyRunning`. */
export const openSite = async ({ dataDir, config, fast = false, onDeath }: SiteOptions): Promise<Site> => {
  const folders = { logs: join(dataDir, 'logs'), run: join(dataDir, 'run') };
  // Open to be passed through, since Postgres may run as another user; what is in it is closed.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = await takeLock(join(folders.run, LOCK));
  if (typeof unlock === 'number') {
    const where = findDesk(dataDir)?.gateway;
    throw new AlreadyRunning(
      `A desk already runs from ${dataDir}: process ${unlock}${where === undefined ? '' : `, ${where}`}. ` +
        'Stop it with Ctrl-C there, or run another one from its own folder: npm start -- --data <folder>',
    );
  }
  const leftovers = await endLeftovers(folders.run);
  const processes = createProcesses(folders, { onDeath });
  const ports = createPorts(join(tmpdir(), `duradesk-ports-${process.getuid?.() ?? 'user'}`), { asPreferred: !fast });
  const cleaning: (() => void)[] = [];
  let open = true;
  const clean = () => {
    if (!open) return;
    open = false;
    for (const task of cleaning) task();
    ports.release();
    unlock();
  };
  return {
    dataDir,
    config,
    fast,
    machine: thisMachine(config, async (name, command, args, env) => {
      await processes.run({ name, command, args, ...(env && { env }) });
    }),
    processes,
    ports,
    secrets: keepSecrets(join(dataDir, 'secrets.json')),
    leftovers,
    atClose: (task) => cleaning.push(task),
    async close() {
      await processes.stopAll();
      clean();
    },
    kill() {
      processes.killAll();
      clean();
    },
  };
};
