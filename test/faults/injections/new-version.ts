import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { bundleWorkflows } from '../../../workers/bundle.ts';
import { type RecordedHistory, ReplayBroken, replay } from '../../../workers/replay.ts';
import { brokenVersion, patchedSources } from '../../system/next-version.ts';
import type { Customer } from '../customer.ts';
import { answer, nextDelta } from '../measures.ts';
import { PACED } from '../rounds.ts';
import { type FaultCase, QUESTIONS, type Setting, seeOff } from '../setting.ts';

const TOGETHER = 12;
/** How long the broken version is left at work, milliseconds. */
const BROKEN_MS = 8_000;
const ROLLED_BACK = 'rolled back';
const REMEDY = 'npm run faults -- --only F23';

/**
 * F23. While conversations run and replies stream, the workers are replaced one after the other by those of a patched version,
 * then by those of a version that no running conversation fits, which replay had refused, and by the patched ones again.
 */
export const newVersion: FaultCase = {
  name: 'F23',
  title: 'new workflow code over running conversations, a break, and back',
  rig: { gateways: 2, workers: 2, profile: PACED },
  allowances: { failures: /TMPRL1100/ },
  async inflict(setting) {
    const folder = mkdtempSync(join(tmpdir(), 'duradesk-versions-'));
    try {
      const versions = await createVersions(folder, setting.rig.bundle);
      for (let struck = 0; struck < setting.trials; struck += TOGETHER) {
        const customers = Array.from({ length: Math.min(TOGETHER, setting.trials - struck) }, () => setting.customer());
        await deploy(setting, versions, customers);
        setting.progress(Math.min(struck + TOGETHER, setting.trials));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  worst: (lines) => ({ afterRollBackMs: nextDelta(lines, ROLLED_BACK), answerMs: answer(lines) }),
};

type Versions = Record<'patched' | 'broken', string>;

/** Files of the workflow code of each version. */
const createVersions = async (folder: string, now: string): Promise<Versions> => {
  // Replay says what it refuses; it need not be in the log as well.
  const logging = { filter: { core: 'ERROR', other: 'ERROR' }, forward: {} } as const;
  Runtime.install({ shutdownSignals: [], logger: SILENT, telemetryOptions: { logging } });
  // The workers are not the user who made the folder, where a launcher is root.
  chmodSync(folder, 0o711);
  const versions = { patched: join(folder, 'patched.js'), broken: join(folder, 'broken.js') };
  writeFileSync(versions.patched, await bundleWorkflows(patchedSources(folder)));
  writeFileSync(versions.broken, brokenVersion(readFileSync(now, 'utf8')));
  return versions;
};

const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };

const deploy = async (setting: Setting, versions: Versions, customers: readonly Customer[]): Promise<void> => {
  const { random, recording, rig } = setting;
  const struck = customers.map(({ name }) => name);
  const ask = () => customers.map((customer) => [customer, customer.send(random.pick(QUESTIONS))] as const);
  const answered = (asked: ReturnType<typeof ask>) => Promise.all(asked.map(([customer, id]) => customer.answered(id)));
  const roll = async (what: string, bundle: string): Promise<void> => {
    recording.add({ type: 'injected', what, target: 'workers', struck });
    for (const old of [...rig.workers]) {
      await rig.startWorker(bundle);
      await rig.stop(old);
    }
  };

  const ids = await Promise.all(customers.map((customer) => customer.connected()));
  await answered(ask());
  await rehearse(setting, versions, ids);

  const second = ask();
  await random.pick(customers).streaming(random.int(1, 120));
  await roll('patched version', versions.patched);
  await answered(second);

  await roll('broken version', versions.broken);
  const third = ask();
  await pause(BROKEN_MS);
  await roll(ROLLED_BACK, versions.patched);
  await answered(third);
  await seeOff(customers);
};

/** What a deploy does beforehand: the histories of what runs decide whether a version may. */
const rehearse = async ({ rig }: Setting, { patched, broken }: Versions, ids: readonly string[]): Promise<void> => {
  const connection = await Connection.connect({ address: rig.sources.temporalAddress });
  try {
    const { workflow } = new Client({ connection });
    const histories: RecordedHistory[] = await Promise.all(
      ids.map(async (name) => ({ name, history: await workflow.getHandle(name).fetchHistory() })),
    );
    await replay(readFileSync(patched, 'utf8'), histories, REMEDY);
    const refused = await replay(readFileSync(broken, 'utf8'), histories, REMEDY).then(
      () => [],
      (error: unknown) => {
        if (error instanceof ReplayBroken) return error.broken;
        throw error;
      },
    );
    if (refused.length < ids.length)
      throw new Error(`replay let the broken version pass for ${ids.length - refused.length}`);
  } finally {
    await connection.close();
  }
};
