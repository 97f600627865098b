import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRig } from '../system/rig.ts';
import { whyNoToxiproxy } from '../toxiproxy.ts';
import { check } from './check.ts';
import { collectEvidence } from './evidence.ts';
import type { Violation } from './promises/case.ts';
import { createRandom } from './random.ts';
import { createRecording } from './recording.ts';
import { startServers } from './servers.ts';
import { createSetting, type FaultCase } from './setting.ts';

export type CaseRun = {
  seed: number;
  trials: number;
  /** Where the lines and the evidence are left. */
  folder: string;
  progress(done: number): void;
};

/** `injections` is how often something was done to the desk; one of them may strike many conversations. */
export type CaseResult = { violations: Violation[]; injections: number; worst: Record<string, number> };

/** What this machine lacks for the fault, and what to do about it; `null`: nothing. */
export const whatIsMissing = ({ needs }: FaultCase): string | null => (needs?.links?.length ? whyNoToxiproxy() : null);

/** Sets up the rig, inflicts the fault, ends everything, and then judges from what was written down. */
export const runCase = async (fault: FaultCase, { seed, trials, folder, progress }: CaseRun): Promise<CaseResult> => {
  mkdirSync(folder, { recursive: true });
  const recording = createRecording(join(folder, 'lines.jsonl'));
  const { servers, rig: onServers, stop } = await startServers(fault.needs ?? {}, recording);
  try {
    const rig = await startRig({ ...fault.rig, ...onServers });
    try {
      const random = createRandom(seed).fork(fault.name);
      const broke = await fault
        .inflict(createSetting({ rig, servers, recording, random, trials, progress }))
        .then(() => [])
        .catch((error: unknown) => [{ promise: 'rig', conversation: '', what: String(error) }]);
      const conversations = new Set(
        recording.lines().flatMap((line) => (line.type === 'welcome' ? [line.conversation] : [])),
      );
      const evidence = await collectEvidence(rig.sources, [...conversations]);
      writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence, null, 1));
      return {
        violations: [
          ...broke,
          ...check(recording.lines(), evidence, fault.allowances),
          ...((await fault.check?.(recording.lines(), evidence)) ?? []),
        ],
        injections: recording.lines().filter(({ type }) => type === 'injected').length,
        worst: fault.worst(recording.lines()),
      };
    } finally {
      await rig.close();
    }
  } finally {
    await stop();
  }
};
