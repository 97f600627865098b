import { setTimeout as pause } from 'node:timers/promises';
import { nextAttempt, wholeReply } from '../measures.ts';
import { inRounds, PACED, workerWithCustomers } from '../rounds.ts';
import type { FaultCase } from '../setting.ts';

/** The task time-out is 5 s: the other worker is streaming or done when the frozen one wakes up. */
const FROZEN_MS = { low: 5_500, high: 10_000 };

/** F2. What the frozen worker still has to say, from the model's buffered words to its transcript, must reach nobody. */
export const workerFreezes: FaultCase = {
  name: 'F2',
  title: 'a frozen worker wakes up',
  rig: { gateways: 2, workers: 2, profile: PACED },
  inflict: (setting) =>
    inRounds(setting, async (streaming) => {
      const { recording, random } = setting;
      const { worker, struck } = await workerWithCustomers(setting, streaming);
      recording.add({ type: 'injected', what: 'SIGSTOP', target: worker.child.name, struck });
      worker.child.kill('SIGSTOP');
      await pause(random.int(FROZEN_MS.low, FROZEN_MS.high));
      recording.add({ type: 'over', what: 'SIGCONT', target: worker.child.name });
      worker.child.kill('SIGCONT');
      // Time for the woken worker to say what it has left.
      await pause(500);
      return struck.length;
    }),
  worst: (lines) => ({ nextDeltaMs: nextAttempt(lines), wholeReplyMs: wholeReply(lines) }),
};
