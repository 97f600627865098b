import { QUESTIONS, type Setting, seeOff } from './setting.ts';

/** After the outage, milliseconds. */
const CUT_WITHIN_MS = 5_000;

/** One way to take something away: `begin` it, wait, `end` it. What was `injected` is written down at its beginning. */
export type Outage = {
  what: string;
  target: string;
  lastsMs: number;
  begin(): Promise<void>;
  end(): Promise<void>;
};

export type OutageRules = {
  outage(): Outage;
  /** Customers who are there at the same moment: few, where an outage is short, so that there are many of them. */
  together: number;
  /** How long the answer to a message may take before nobody waits any more, milliseconds. */
  patienceMs: number;
  /** What must be over, after the outage, before the next one. */
  after?(): Promise<void>;
};

/**
 * Round after round: customers are being answered when something is taken away; they go on writing while it is away, also
 * some who come only then; when it is back each sees an end to what they asked. Goes on until as many were struck as there
 * are trials.
 */
export const inOutages = async (
  setting: Setting,
  { outage, together, patienceMs, after }: OutageRules,
): Promise<void> => {
  const { random, recording, trials } = setting;
  for (let struck = 0; struck < trials; ) {
    const customers = Array.from({ length: Math.min(together, trials - struck) }, () => setting.customer());
    await Promise.all(customers.map((customer) => customer.connected()));
    const asked = customers.map((customer) => [customer, customer.send(random.pick(QUESTIONS))] as const);
    await random.pick(customers).streaming(random.int(1, 120));
    const { what, target, lastsMs, begin, end } = outage();
    recording.add({ type: 'injected', what, target, struck: customers.map(({ name }) => name) });
    await begin();
    const until = Date.now() + lastsMs;
    try {
      const meanwhile = customers.filter(() => random.next() < 0.6);
      for (const customer of meanwhile) {
        await pauseUntil(Math.min(until, Date.now() + random.int(0, (2 * lastsMs) / customers.length)));
        asked.push([customer, customer.send(random.pick(QUESTIONS))]);
      }
      await pauseUntil(until);
    } finally {
      await end();
    }
    recording.add({ type: 'over', what, target });
    // Some lose their link just now, and are shown what the desk has by then.
    for (const customer of customers)
      if (random.next() < 0.4) setTimeout(() => customer.cut(), random.int(0, CUT_WITHIN_MS));
    await Promise.all(asked.map(([customer, id]) => customer.answered(id, patienceMs)));
    await after?.();
    await seeOff(customers);
    struck += customers.length;
    setting.progress(struck);
  }
};

const pauseUntil = (time: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now())));
