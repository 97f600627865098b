import type { DeskProcess } from '../../local/desk.ts';
import { check } from '../faults/check.ts';
import { type Customer, createCustomer } from '../faults/customer.ts';
import { collectEvidence, type Evidence } from '../faults/evidence.ts';
import type { Violation } from '../faults/promises/case.ts';
import { createRandom } from '../faults/random.ts';
import { createRecording, type Line } from '../faults/recording.ts';
import { type Rig, type RigOptions, startRig } from './rig.ts';

/** A model that takes its time, so that there is a middle of a reply: three to six seconds for one. */
export const DELAYS = { firstTokenMs: 200, tokensPerSecond: 20, jitter: 0.3 };

export type Desk = {
  rig: Rig;
  /** A new visitor, or the customer that the token speaks for, at this gateway or any of those that run. */
  customer(identity?: () => Promise<string>, at?: DeskProcess): Customer;
  lines(): readonly Line[];
  /** Lets everybody leave, and holds the promises against what all saw and what the desk itself recorded. */
  verdict(): Promise<{ violations: Violation[]; evidence: Evidence[] }>;
  close(): Promise<void>;
};

/** A rig with customers whose every frame is written down. */
export const createDesk = async (options: RigOptions = {}): Promise<Desk> => {
  const rig = await startRig(options);
  const recording = createRecording();
  const random = createRandom(1);
  let present: Customer[] = [];
  const leave = (): void => {
    for (const customer of present) customer.leave();
    present = [];
  };
  let count = 0;
  return {
    rig,
    customer(identity, at) {
      count += 1;
      const name = `c${count}`;
      const own = random.fork(name);
      const gateway = () => (at ?? own.pick(rig.gateways)).url;
      const customer = createCustomer({ name, recording, random: own, gateway, ...(identity && { identity }) });
      present.push(customer);
      return customer;
    },
    lines: recording.lines,
    async verdict() {
      leave();
      const lines = recording.lines();
      const met = new Set(lines.flatMap((line) => (line.type === 'welcome' ? [line.conversation] : [])));
      const evidence = await collectEvidence(rig.sources, [...met]);
      return { violations: check(lines, evidence), evidence };
    },
    async close() {
      leave();
      await rig.close();
    },
  };
};

/** Connects, and sends; resolves with the id of the message. */
export const ask = async (customer: Customer, text: string): Promise<string> => {
  await customer.connected();
  return customer.send(text);
};
