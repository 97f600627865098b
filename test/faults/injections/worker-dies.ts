import { nextAttempt, wholeReply } from '../measures.ts';
import { inRounds, PACED, workerWithCustomers } from '../rounds.ts';
import type { FaultCase } from '../setting.ts';

/** F1. The second worker is alive and has the other half of the customers; the dead one is replaced between the rounds. */
export const workerDies: FaultCase = {
  name: 'F1',
  title: 'a worker dies mid-stream',
  rig: { gateways: 2, workers: 2, profile: PACED },
  inflict: (setting) =>
    inRounds(setting, async (streaming) => {
      const { rig, recording } = setting;
      const { worker, struck } = await workerWithCustomers(setting, streaming);
      recording.add({ type: 'injected', what: 'SIGKILL', target: worker.child.name, struck });
      await rig.kill(worker);
      return struck.length;
    }),
  worst: (lines) => ({ nextDeltaMs: nextAttempt(lines), wholeReplyMs: wholeReply(lines) }),
};
