import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Machine } from '../machine.ts';

export const TEMPORAL_VERSION = '1.5.1';

/** SHA-256 of that release's archives, as Hermit's package list states them (cashapp/hermit-packages, temporal-cli.hcl). */
const SHA256: Record<string, string> = {
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
};

export type Archive = { url: string; sha256: string };

/** The official release for this machine; `undefined` where there is none with a known checksum. */
export const temporalArchive = (machine: Pick<Machine, 'platform' | 'arch'>): Archive | undefined => {
  const name = `${machine.platform}_${machine.arch === 'x64' ? 'amd64' : machine.arch}`;
  const sha256 = SHA256[name];
  const release = `https://github.com/temporalio/cli/releases/download/v${TEMPORAL_VERSION}`;
  return sha256 === undefined
    ? undefined
    : { url: `${release}/temporal_cli_${TEMPORAL_VERSION}_${name}.tar.gz`, sha256 };
};

/**
 * Downloads an archive that holds `temporal`, and unpacks that into `folder` once the checksum is right. Gives up when
 * nothing arrives for `silenceMs`, so that a machine without a way out is not kept waiting.
 */
export const downloadTemporal = async (
  archive: Archive,
  folder: string,
  machine: Pick<Machine, 'run'>,
  silenceMs = 20_000,
): Promise<string> => {
  const unpacked = join(folder, `.download-${process.pid}`);
  mkdirSync(unpacked, { recursive: true });
  try {
    const file = join(unpacked, 'archive.tar.gz');
    const digest = await fetchInto(file, archive.url, silenceMs);
    if (digest !== archive.sha256) throw new Error(`${archive.url} has the wrong SHA-256: ${digest}`);
    await machine.run('temporal-unpack', 'tar', ['-xzf', file, '-C', unpacked, 'temporal']);
    renameSync(join(unpacked, 'temporal'), join(folder, 'temporal'));
    return join(folder, 'temporal');
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
};

const fetchInto = async (file: string, url: string, silenceMs: number): Promise<string> => {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new Error(`${new URL(url).host} sent nothing for ${silenceMs / 1000} s`));
  const timer = setTimeout(giveUp, silenceMs);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
    const hash = createHash('sha256');
    const measure = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        timer.refresh();
        hash.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(file), { signal: silence.signal });
    return hash.digest('hex');
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
};
