import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { downloadTemporal, temporalArchive } from '../../../local/services/temporal-download.ts';
import { createFolders } from '../../folders.ts';

const newFolder = createFolders();

const machine = {
  async run(_name: string, command: string, args: readonly string[]) {
    execFileSync(command, args);
  },
};

const archive = () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'temporal'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'LICENSE'), 'MIT');
  execFileSync('tar', ['-czf', join(folder, 'archive.tar.gz'), '-C', folder, 'temporal', 'LICENSE']);
  return readFileSync(join(folder, 'archive.tar.gz'));
};

let answer: (response: ServerResponse) => void;
let server: Server;
let url: string;
let folder: string;
const bytes = archive();
const sha256 = createHash('sha256').update(bytes).digest('hex');

beforeEach(async () => {
  folder = newFolder();
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/temporal.tar.gz`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('an archive with the right checksum leaves the program, and nothing else', async () => {
  answer = (response) => response.end(bytes);
  const path = await downloadTemporal({ url, sha256 }, folder, machine);
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\n');
  expect(readdirSync(folder)).toEqual(['temporal']);
});

test('an archive with another checksum is thrown away unopened', async () => {
  answer = (response) => response.end(Buffer.concat([bytes, Buffer.from([0])]));
  await expect(downloadTemporal({ url, sha256 }, folder, machine)).rejects.toThrow('has the wrong SHA-256');
  expect(readdirSync(folder)).toEqual([]);
});

test('a server that refuses is told', async () => {
  answer = (response) => response.writeHead(404).end();
  await expect(downloadTemporal({ url, sha256 }, folder, machine)).rejects.toThrow('answered 404');
});

test.each<[string, (response: ServerResponse) => void]>([
  ['before', () => {}],
  ['within', (response) => response.write(bytes.subarray(0, 10))],
])('a server that falls silent %s its answer is given up', async (_when, silent) => {
  answer = silent;
  await expect(downloadTemporal({ url, sha256 }, folder, machine, 200)).rejects.toThrow(/sent nothing for 0\.2 s/);
  expect(readdirSync(folder)).toEqual([]);
});

test('every release that is known is an archive of this version with a SHA-256', () => {
  for (const platform of ['linux', 'darwin'] as const)
    for (const [arch, name] of [
      ['x64', 'amd64'],
      ['arm64', 'arm64'],
    ] as const) {
      const known = temporalArchive({ platform, arch });
      expect(known?.url).toBe(
        `https://github.com/temporalio/cli/releases/download/v1.5.1/temporal_cli_1.5.1_${platform}_${name}.tar.gz`,
      );
      expect(known?.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  expect(temporalArchive({ platform: 'freebsd', arch: 'x64' })).toBeUndefined();
});
