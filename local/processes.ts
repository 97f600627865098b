import { setTimeout as pause } from 'node:timers/promises';
import { type Child, type ChildSpec, launch, type ProcessFolders } from './child.ts';
import { ORDERLY_MS } from './child-record.ts';

/** For a busy machine: at a load of 20 on 2 cores, a whole start took 57 s instead of 8. */
const READY_WITHIN_MS = 120_000;

export type ProcessesOptions = {
  /** Called when a process that was ready ends although nobody asked it to. */
  onDeath?: ((child: Child) => void) | undefined;
  /** How long an orderly end may take. */
  orderlyMs?: number;
};

/** The processes of one folder, as one unit: what was started is ended, newest first. */
export const createProcesses = (folders: ProcessFolders, options: ProcessesOptions = {}) => {
  const children = new Set<Child>();
  const asked = new WeakSet<Child>();
  let closed = false;

  const begin = (spec: ChildSpec): Child => {
    if (closed) throw new Error(`${spec.name} was not started, because everything is being stopped`);
    const child = launch(spec, folders, spec.orderlyMs ?? options.orderlyMs ?? ORDERLY_MS);
    children.add(child);
    void child.gone.then(() => children.delete(child));
    return child;
  };

  const stop = async (child: Child): Promise<void> => {
    asked.add(child);
    await child.stop();
  };

  return {
    stop,

    /**
     * Starts a process and resolves when `ready` does. It is asked again and again; what it rejected with last is in the
     * error when the process is not ready after 2 min. Rejects at once when the process ends.
     */
    async start(spec: ChildSpec, ready: (child: Child) => Promise<unknown>): Promise<Child> {
      const child = begin(spec);
      const deadline = Date.now() + READY_WITHIN_MS;
      for (let reason: unknown = 'starting'; reason !== null; ) {
        reason = await ready(child).then(
          () => null,
          (error: unknown) => error,
        );
        const ended = child.ended();
        if (ended !== null) throw new Error(`${spec.name} ended before it was ready (${ended})${lastWords(child)}`);
        if (reason === null) break;
        if (Date.now() > deadline) {
          await stop(child);
          const why = reason instanceof Error ? reason.message : String(reason);
          throw new Error(`${spec.name} is not ready after ${READY_WITHIN_MS / 1000} s: ${why}${lastWords(child)}`);
        }
        await pause(50);
      }
      void child.gone.then(() => {
        if (!asked.has(child)) options.onDeath?.(child);
      });
      return child;
    },

    /** Runs a program to its end and resolves with what it wrote. Rejects when it ends other than with exit code 0. */
    async run(spec: ChildSpec): Promise<string> {
      const child = begin(spec);
      await child.gone;
      if (child.ended() === 'exit code 0') return child.output();
      throw new Error(`${spec.name} failed (${child.ended()})${lastWords(child)}`);
    },

    /** Ends everything, newest first, and lets nothing start any more. */
    async stopAll(): Promise<void> {
      closed = true;
      for (const child of [...children].reverse()) await stop(child);
    },

    /** Ends everything at once, without asking. */
    killAll(): void {
      closed = true;
      for (const child of children) {
        asked.add(child);
        child.kill('SIGKILL');
      }
    },
  };
};

export type Processes = ReturnType<typeof createProcesses>;

/** The end of a process's log, to be put behind a message about it. */
export const lastWords = (child: Child, lines = 12): string => {
  const written = child.output().trimEnd();
  const end = written === '' ? '  (it wrote nothing)' : written.split('\n').slice(-lines).join('\n  ');
  return `. The end of ${child.logFile}:\n  ${end.trimStart()}`;
};
