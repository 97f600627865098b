import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ChildRecord, signal, signalGroup } from './child-record.ts';
import { startedAt } from './process-record.ts';

export type ChildSpec = {
  /** Unique in its folder while it runs; names the log and the record. */
  name: string;
  command: string;
  args: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  /** The system user to run as, where the launcher is root and the program refuses to be. */
  as?: { uid: number; gid: number } | undefined;
  /** What asks it to end in an orderly way; SIGTERM if not set. */
  stopSignal?: ChildRecord['stopSignal'];
  /** How long its orderly end may take, milliseconds; the launcher's rule if not set. */
  orderlyMs?: number;
};

export type ProcessFolders = { logs: string; run: string };

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** How it ended (`exit code 1`, `SIGKILL`), or `null` while it runs. */
  ended(): string | null;
  /** Settles when it has ended, never rejects. */
  readonly gone: Promise<void>;
  /** What it has written so far. */
  output(): string;
  /** Signals the process and everything it started. */
  kill(name: NodeJS.Signals): void;
  /** Asks it to end, and ends it when it takes too long. Resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts one process in a group of its own, so that Ctrl-C in the terminal reaches the launcher alone. It writes to
 * `logs/<name>.log` (of this start only) and is recorded in `run/<name>.json`, so that the next start can end it when
 * this launcher could not. Throws when the program cannot be executed.
 */
export const launch = (spec: ChildSpec, folders: ProcessFolders, orderlyMs: number): Child => {
  const logFile = join(folders.logs, `${spec.name}.log`);
  const recordFile = join(folders.run, `${spec.name}.json`);
  const stopSignal = spec.stopSignal ?? 'SIGTERM';
  const log = openSync(logFile, 'w', 0o600);
  const spawned = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...spec.env },
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    ...spec.as,
  });
  closeSync(log);
  spawned.on('error', () => {});
  const { pid } = spawned;
  if (pid === undefined) throw new Error(`${spec.command} could not be started: it is not there or not executable`);
  const started = startedAt(pid);
  if (started !== null)
    writeFileSync(recordFile, JSON.stringify({ pid, started, stopSignal } satisfies ChildRecord), { mode: 0o600 });

  let ended: string | null = null;
  const gone = new Promise<void>((resolve) => {
    spawned.once('exit', (code, by) => {
      ended = by ?? `exit code ${code}`;
      signalGroup(pid, 'SIGKILL');
      rmSync(recordFile, { force: true });
      resolve();
    });
  });

  return {
    name: spec.name,
    pid,
    logFile,
    gone,
    ended: () => ended,
    output: () => readFileSync(logFile, 'utf8'),
    kill(name) {
      if (ended === null) signalGroup(pid, name);
    },
    async stop() {
      if (ended === null) signal(pid, stopSignal);
      const late = new AbortController();
      await Promise.race([gone, pause(orderlyMs, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
      if (ended === null) signalGroup(pid, 'SIGKILL');
      await gone;
    },
  };
};
