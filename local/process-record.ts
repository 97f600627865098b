import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * Says which process is meant, for as long as the machine is up: pids are handed out again, a pid with its start time
 * is not.
 */
export const processRecord = z.object({ pid: z.int().min(1), started: z.string().min(1) });

export type ProcessRecord = z.infer<typeof processRecord>;

/** When the process started, in a form that is only good for comparing; `null` when there is none (or only a zombie). */
export const startedAt = (pid: number): string | null => (process.platform === 'linux' ? fromProc(pid) : fromPs(pid));

export const isRunning = (record: ProcessRecord): boolean => startedAt(record.pid) === record.started;

/** The record of a living process. Throws when it is gone. */
export const recordOf = (pid: number): ProcessRecord => {
  const started = startedAt(pid);
  if (started === null) throw new Error(`process ${pid} is gone`);
  return { pid, started };
};

/** Parses a record that was written earlier; `null` for one that is missing or was cut short by a crash. */
export const readRecord = <S extends z.ZodType<ProcessRecord>>(file: string, schema: S): z.infer<S> | null => {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

/** proc(5): the name in brackets may hold anything, so count from the last bracket: state is field 3, start time field 22. */
const fromProc = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return null;
  }
};

const fromPs = (pid: number): string | null => {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const started = line.replace(/^\S+\s+/, '');
    return line === '' || line.startsWith('Z') ? null : started;
  } catch {
    return null;
  }
};
