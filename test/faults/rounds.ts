import type { DeskProcess } from '../../local/desk.ts';
import type { Customer } from './customer.ts';
import { QUESTIONS, type Setting, seeOff } from './setting.ts';

/** Customers who are being answered at the same moment. */
const TOGETHER = 12;

/** A reply takes three to six seconds at this pace, so there is a middle of it to strike. */
export const PACED = { firstTokenMs: 200, tokensPerSecond: 20, jitter: 0.3 };

/** Strikes customers in the middle of their reply, and resolves with how many that were. */
export type Strike = (streaming: readonly Customer[]) => Promise<number>;

/** Two gateways and two workers again, before the next round. */
const recover = async (rig: Setting['rig']): Promise<void> => {
  while (rig.gateways.length < 2) await rig.startGateway();
  while (rig.workers.length < 2) await rig.startWorker();
};

/**
 * Round after round: customers ask, and when a seeded one of them has read a seeded part of the answer, `strike` comes. Goes on
 * until as many were struck as there are trials; each round ends when everybody has a whole answer.
 */
export const inRounds = async (setting: Setting, strike: Strike, together = TOGETHER): Promise<void> => {
  const { rig, random, trials } = setting;
  const rounds = 5 + trials * 2;
  let struck = 0;
  for (let round = 0; struck < trials; round += 1) {
    if (round === rounds) throw new Error(`only ${struck} of ${trials} were struck in ${rounds} rounds`);
    await recover(rig);
    const customers = Array.from({ length: Math.min(together, 4 * (trials - struck)) }, () => setting.customer());
    await Promise.all(customers.map((customer) => customer.connected()));
    const asked = customers.map((customer) => [customer, customer.send(random.pick(QUESTIONS))] as const);
    await random.pick(customers).streaming(random.int(1, 120));
    // Somebody who cannot wait: the message waits for the next turn, or joins this one when it is taken again.
    const impatient = random.pick(customers);
    asked.push([impatient, impatient.send(random.pick(QUESTIONS))]);
    struck += await strike(customers.filter(isStreaming));
    await Promise.all(asked.map(([customer, id]) => customer.answered(id)));
    await seeOff(customers);
    setting.progress(Math.min(struck, trials));
  }
};

const isStreaming = (customer: Customer): boolean => (customer.view().reply?.text ?? '') !== '';

/** A worker, with those of the streaming customers whom it is answering; one who answers nobody only if all do. */
export const workerWithCustomers = async (
  { rig, random }: Setting,
  streaming: readonly Customer[],
): Promise<{ worker: DeskProcess; struck: string[] }> => {
  const served = await Promise.all(
    streaming.map(async (customer) => ({ customer, by: await rig.workerOf(await customer.connected()) })),
  );
  const struckBy = (worker: DeskProcess) =>
    served.filter(({ customer, by }) => by === worker.child.name && isStreaming(customer));
  const busy = rig.workers.filter((worker) => struckBy(worker).length > 0);
  const worker = random.pick(busy.length > 0 ? busy : rig.workers);
  return { worker, struck: struckBy(worker).map(({ customer }) => customer.name) };
};
