import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** A folder with these files, by path. Remove it with `uproot`. */
export const plant = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'duradesk-lint-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
};

export const uproot = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** What a tool of this repository prints in a folder, and its exit code: linters fail by design here. */
export const run = (tool: string, args: string[], cwd: string) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve, reject) => {
    const options = { cwd, maxBuffer: 32 << 20, timeout: 30_000 };
    const child = execFile(join(root, 'node_modules/.bin', tool), args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: child.exitCode ?? 0, stdout, stderr });
    });
  });
