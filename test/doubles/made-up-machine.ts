import { basename, join } from 'node:path';
import type { Machine } from '../../local/machine.ts';

type Traits = Partial<Pick<Machine, 'platform' | 'arch' | 'root' | 'cacheDir'>> & {
  /** Paths of programs; those in `/bin` are on PATH. */
  programs?: string[];
  /** What a program does; it may add to `programs`. */
  does?: (command: string, args: readonly string[], machine: Machine, env: Record<string, string>) => void;
};

/** A computer of the test's making. `ran` holds what was run on it. */
export const madeUpMachine = ({ programs = [], does = () => {}, ...traits }: Traits) => {
  const ran: string[] = [];
  const machine: Machine = {
    platform: 'linux',
    arch: 'x64',
    root: false,
    cacheDir: '/cache',
    ...traits,
    onPath: (...names) => names.map((name) => join('/bin', name)).find((path) => programs.includes(path)),
    isExecutable: (path) => programs.includes(path),
    async run(_name, command, args, env = {}) {
      ran.push([basename(command), ...args].join(' '));
      does(command, args, machine, env);
    },
  };
  return { ...machine, ran };
};
