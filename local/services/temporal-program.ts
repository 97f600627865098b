import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import { CannotProvide, type Program, reasonOf, type Say } from './service.ts';
import { downloadTemporal, TEMPORAL_VERSION, temporalArchive } from './temporal-download.ts';

const MODULE = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_VERSION}`;

/**
 * Temporal's command line program, which is its server too: on PATH, else kept from an earlier start, else the official
 * release (pinned by checksum), else built from source by Go (pinned by Go's checksum database).
 */
export const findTemporalProgram = async (machine: Machine, say: Say): Promise<Program> => {
  const found = machine.onPath('temporal');
  if (found !== undefined) return { path: found, source: 'found', detail: found };
  const folder = join(machine.cacheDir, 'temporal', TEMPORAL_VERSION);
  const kept = join(folder, 'temporal');
  if (machine.isExecutable(kept)) return { path: kept, source: 'found', detail: kept };

  mkdirSync(folder, { recursive: true });
  const tried: string[] = [];
  const archive = temporalArchive(machine);
  if (archive !== undefined) {
    say(`downloading ${archive.url} (45 MB, once)`);
    try {
      const path = await downloadTemporal(archive, folder, machine);
      return { path, source: 'provisioned', detail: 'official release, downloaded' };
    } catch (error) {
      tried.push(`download: ${causeOf(error)}`);
    }
  }
  const go = machine.onPath('go') ?? ['/usr/local/go/bin/go'].find(machine.isExecutable);
  if (go !== undefined) {
    const plan = `building Temporal ${TEMPORAL_VERSION} from source with Go (about 5 min on 2 cores, once)`;
    say([...tried, plan].join('; '));
    try {
      const path = await buildTemporal(go, folder, machine, say);
      return { path, source: 'provisioned', detail: `built by go install ${MODULE}` };
    } catch (error) {
      tried.push(`go install: ${reasonOf(error)}`);
    }
  }
  throw new CannotProvide(
    [
      'Temporal is not here and could not be fetched. Install its CLI (https://docs.temporal.io/cli) so that `temporal`',
      'is on PATH, or install Go 1.25 and start again, or set TEMPORAL_ADDRESS to a running server.',
      ...tried.map((line) => `\n  ${line}`),
    ].join(' '),
  );
};

/** Built beside its place and moved there, so that a build that was interrupted is never taken for a finished one. */
const buildTemporal = async (go: string, folder: string, machine: Machine, say: Say): Promise<string> => {
  const built = join(folder, `.build-${process.pid}`);
  let minutes = 0;
  const sign = setInterval(() => {
    minutes += 1;
    say(`still building, ${minutes} min`);
  }, 60_000);
  try {
    await machine.run('temporal-build', go, ['install', MODULE], { GOBIN: built });
    renameSync(join(built, 'temporal'), join(folder, 'temporal'));
    return join(folder, 'temporal');
  } finally {
    clearInterval(sign);
    rmSync(built, { recursive: true, force: true });
  }
};

/** `fetch failed` says nothing; its cause does. */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : reasonOf(error);
