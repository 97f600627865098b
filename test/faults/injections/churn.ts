import { setTimeout as pause } from 'node:timers/promises';
import { acknowledgement, answer } from '../measures.ts';
import { PACED } from '../rounds.ts';
import { type FaultCase, QUESTIONS, type Setting, seeOff } from '../setting.ts';

const TOGETHER = 8;
const TURNS = 4;
/** Between two kills. Longer than a new worker takes to start and the old one's tasks to be missed, shorter than a conversation. */
const EVERY_MS = { low: 6_000, high: 10_000 };

/** F5. Workers are killed and replaced under load until all conversations are through. */
export const churn: FaultCase = {
  name: 'F5',
  title: 'workers are killed and replaced under load',
  rig: { gateways: 2, workers: 2, profile: { ...PACED, tokensPerSecond: 40 } },
  async inflict(setting) {
    const over = new AbortController();
    const killing = killWorkers(setting, over.signal);
    let begun = 0;
    let done = 0;
    const conversing = async (): Promise<void> => {
      while (begun < setting.trials) {
        begun += 1;
        await converse(setting);
        done += 1;
        setting.progress(done);
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, conversing));
    over.abort();
    await killing;
  },
  worst: (lines) => ({ acknowledgementMs: acknowledgement(lines), answerMs: answer(lines) }),
};

const killWorkers = async ({ rig, recording, random }: Setting, over: AbortSignal): Promise<void> => {
  for (;;) {
    await pause(random.int(EVERY_MS.low, EVERY_MS.high), undefined, { signal: over }).catch(() => {});
    if (over.aborted) return;
    const worker = random.pick(rig.workers);
    recording.add({ type: 'injected', what: 'SIGKILL', target: worker.child.name, struck: [] });
    await rig.kill(worker);
    await rig.startWorker();
  }
};

const converse = async (setting: Setting): Promise<void> => {
  const customer = setting.customer();
  const random = setting.random.fork(customer.name);
  await customer.connected();
  for (let turn = 0; turn < TURNS; turn += 1) {
    await customer.answered(customer.send(random.pick(QUESTIONS)));
    await pause(random.int(0, 500));
  }
  await seeOff([customer]);
};
