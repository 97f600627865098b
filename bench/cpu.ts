import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks per second of the times in /proc (proc(5)): 100 wherever Linux runs today. */
const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/**
 * Milliseconds of CPU that a process has used, user and system together, with everything it has started: living children,
 * their children, and those that have ended and were waited for. Linux only; the resolution is one tick (10 ms) a process.
 */
export const cpuOfTree = (root: number): number => {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const known = new Map(all.flatMap((name) => timesOf(Number(name)) ?? []).map((one) => [one.pid, one]));
  if (!known.has(root)) throw new Error(`process ${root} is gone: what it used cannot be known`);
  let ticks = 0;
  for (const { pid, used } of known.values()) if (descends(pid, root, known)) ticks += used;
  return (ticks / TICKS) * 1_000;
};

type Times = { pid: number; parent: number; used: number };

/** Empty when the process has ended meanwhile. The name in brackets may hold anything, so fields count from the last one. */
const timesOf = (pid: number): [Times] | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    // utime, stime, cutime, cstime: fields 14 to 17, of which the state is the third.
    return [{ pid, parent, used: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) }];
  } catch {
    return undefined;
  }
};

const descends = (pid: number, root: number, known: Map<number, Times>): boolean => {
  for (let at = pid; at > 0; at = known.get(at)?.parent ?? 0) if (at === root) return true;
  return false;
};
