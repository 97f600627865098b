import type { Rig, RigOptions } from '../system/rig.ts';
import { type Customer, createCustomer } from './customer.ts';
import type { Evidence } from './evidence.ts';
import type { Allowances, Violation } from './promises/case.ts';
import type { Random } from './random.ts';
import type { Line, Recording } from './recording.ts';
import type { Needs, Servers } from './servers.ts';

/** What a fault is given to be inflicted on. */
export type Setting = {
  rig: Rig;
  servers: Servers;
  recording: Recording;
  random: Random;
  trials: number;
  /** A new visitor, or the customer that the token speaks for, who connects to any of the gateways that run, again and again. */
  customer(identity?: () => Promise<string>): Customer;
  /** Says how far it got. */
  progress(done: number): void;
};

/** One row of the faults in `promises.md`. */
export type FaultCase = {
  name: string;
  title: string;
  rig: RigOptions;
  needs?: Needs;
  allowances?: Allowances;
  /** Inflicts the fault until `trials` conversations were struck by it, and sees them to their end. */
  inflict(setting: Setting): Promise<void>;
  /** What this fault promises besides the promises that are held against every run. */
  check?(lines: readonly Line[], evidence: readonly Evidence[]): Violation[] | Promise<Violation[]>;
  /** The worst that any customer saw, milliseconds by what. */
  worst(lines: readonly Line[]): Record<string, number>;
};

type Parts = Omit<Setting, 'customer'>;

export const createSetting = (parts: Parts): Setting => {
  let count = 0;
  return {
    ...parts,
    customer(identity) {
      count += 1;
      const name = `c${count}`;
      const random = parts.random.fork(name);
      return createCustomer({
        name,
        random,
        recording: parts.recording,
        gateway: () => random.pick(parts.rig.gateways).url,
        ...(identity && { identity }),
      });
    },
  };
};

/** Ends the customers' connections, a moment after the last of them has everything: what comes too late is seen too. */
export const seeOff = async (customers: readonly Customer[], lingerMs = 300): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, lingerMs));
  for (const customer of customers) customer.leave();
};

/** Questions that the sample company's articles answer in several sentences. */
export const QUESTIONS = [
  'How long does delivery to Germany take?',
  'How do I return something?',
  'How long does a refund take?',
  'Can I exchange my boots for another size?',
  'What is the difference between the sleeping bag temperatures?',
  'How do I wash my down jacket?',
  'Which payment methods do you take?',
  'My parcel arrived damaged, what now?',
  'How does the rental of a tent work?',
  'How do I pick up an order in the shop?',
  'Do gift cards expire?',
  'How do I care for my tent?',
];
