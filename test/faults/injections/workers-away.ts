import { setTimeout as pause } from 'node:timers/promises';
import { acknowledgement, answer } from '../measures.ts';
import type { Line } from '../recording.ts';
import { PACED } from '../rounds.ts';
import { type FaultCase, QUESTIONS, type Setting, seeOff } from '../setting.ts';

const AWAY_MS = 60_000;
/** For the backlog, on a busy machine, besides what one turn may take. */
const PATIENCE_MS = AWAY_MS + 90_000;

/** F4. Nobody is answered for a minute and everybody is acknowledged; then two new workers take what waits. */
export const workersAway: FaultCase = {
  name: 'F4',
  title: 'all workers are down for 60 s while customers send',
  rig: { gateways: 2, workers: 2, profile: PACED },
  // The one fault in which nobody is left who could end a turn: P5's time begins when somebody is.
  allowances: { turnMs: AWAY_MS + 60_000 },
  async inflict(setting) {
    const { rig, random, recording, trials } = setting;
    const customers = Array.from({ length: trials }, () => setting.customer());
    await Promise.all(customers.map((customer) => customer.connected()));
    const asked = customers
      .filter(() => random.next() < 0.5)
      .map((customer) => [customer, customer.send(random.pick(QUESTIONS))] as const);
    await asked[0]?.[0].streaming(1);
    const struck = customers.map(({ name }) => name);
    recording.add({ type: 'injected', what: 'SIGKILL', target: 'all workers', struck });
    for (const worker of [...rig.workers]) await rig.kill(worker);
    const sending = customers.map((customer) => write(setting, customer));
    await pause(AWAY_MS);
    await Promise.all([rig.startWorker(), rig.startWorker()]);
    recording.add({ type: 'over', what: 'SIGKILL', target: 'all workers' });
    asked.push(...(await Promise.all(sending)).flat());
    await Promise.all(
      asked.map(async ([customer, id]) => {
        await customer.answered(id, PATIENCE_MS);
      }),
    );
    await seeOff(customers);
    setting.progress(trials);
  },
  worst: (lines) => ({
    acknowledgementMs: acknowledgement(lines),
    answerMs: answer(lines),
    backlogMs: backlog(lines),
  }),
};

/** One to three messages, spread over the outage. */
const write = async (
  { random: shared }: Setting,
  customer: ReturnType<Setting['customer']>,
): Promise<[typeof customer, string][]> => {
  const random = shared.fork(customer.name);
  const sent: [typeof customer, string][] = [];
  for (let left = random.int(1, 3); left > 0; left -= 1) {
    await pause(random.int(0, AWAY_MS / 3));
    sent.push([customer, customer.send(random.pick(QUESTIONS))]);
  }
  return sent;
};

/** From the new workers' start to the last end of a turn that waited for them, milliseconds. */
const backlog = (lines: readonly Line[]): number => {
  const back = lines.find((line) => line.type === 'over')?.at ?? 0;
  const ends = lines.filter(
    (line) => line.type === 'events' && line.events.some(({ event }) => event.type === 'reply.ended'),
  );
  return Math.round(Math.max(0, ...ends.map(({ at }) => at - back)));
};
