import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Caller } from '../../../activities/gate.ts';
import type { Effect } from '../../../store/effect.ts';
import { freshDatabase } from '../../database.ts';
import type { Fate } from '../../doubles/outside-system.ts';
import { createRandom, type Random } from '../../faults/random.ts';
import { createEffectRig, type EffectRig, payingPlaybook, type Stores } from './rig.ts';

const SEED = 7_391;

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

class Died extends Error {}

/** Decides at every line between two awaits whether the worker dies there; after `left` deaths it lives. */
const createDeath = (random: Random, chance: number, most: number) => {
  let left = most;
  return {
    strike(): void {
      if (left > 0 && random.next() < chance) {
        left -= 1;
        throw new Died();
      }
    },
    get deaths() {
      return most - left;
    },
  };
};

type Death = ReturnType<typeof createDeath>;

/** Every call of the ledger may be the worker's last, before it reaches Postgres or after Postgres has committed it. */
const mortal = <T extends object>(store: T, death: () => Death): T =>
  new Proxy(store, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        death().strike();
        const result: unknown = await method.apply(target, args);
        death().strike();
        return result;
      };
    },
  });

/** As Temporal does: again and again, on one worker after the other, then gives up. */
const untilItEnds = async (
  rig: EffectRig,
  caller: Caller,
  effect: Effect,
  attempts: number,
): Promise<Effect | null> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      return await rig.run(caller, effect, new AbortController().signal);
    } catch (error) {
      if (!(error instanceof Died) && !(error instanceof ApplicationFailure)) throw error;
      const wait = error instanceof ApplicationFailure ? Number(error.nextRetryDelay ?? 0) : 0;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return null;
};

const FATES: Fate[] = ['answers', 'answers', 'never-arrives', 'answer-lost', 'does-not-know'];

/** One effect with a worker that dies at random lines, while the outside system commits and its answers get lost. */
const trial = async (kind: keyof typeof KINDS, random: Random) => {
  const { pay, honoursKeys } = KINDS[kind];
  let death = createDeath(random, 0, 0);
  const rig = createEffectRig(database, payingPlaybook(pay), {
    honoursKeys,
    wrapped: ({ effects, proposals }: Stores) => ({ effects: mortal(effects, () => death), proposals }),
  });
  const caller = await rig.conversation();
  const [step] = await rig.decide(caller, [['pay', '{"amount":40}']]);
  if (!step) throw new Error('nothing was decided');
  const verdict = await rig.gate.pass(caller, step);
  if (verdict.kind !== 'effect') throw new Error(`the gate said ${JSON.stringify(verdict)}`);
  death = createDeath(random, 0.25, 4);
  let troubles = 3;
  rig.outside.meets((tool) => {
    if (tool === 'pay') death.strike();
    const fate = troubles-- > 0 ? random.pick(FATES) : 'answers';
    return tool === 'pay' ? fate : fate === 'never-arrives' ? fate : 'answers';
  });
  const call = rig.outside.provider.call;
  rig.outside.provider.call = async (...args) => {
    const result = await call(...args);
    death.strike();
    return result;
  };
  const ended = await untilItEnds(rig, caller, verdict.effect, 12);
  const { state } = (await rig.effects.get(verdict.effect)) ?? verdict.effect;
  return { ended: ended?.state ?? null, state, paid: rig.outside.payments.length, deaths: death.deaths };
};

const KINDS = {
  'its provider honours the key': { pay: {}, honoursKeys: true },
  'it can be looked up': { pay: { lookup: 'find_payment', timeout: '20ms' }, honoursKeys: false },
  'there is neither': { pay: { inject: {} }, honoursKeys: false },
};

const TRIALS = 152;

/** As many trials at a time as the rig's pool has connections. */
const trials = async (kind: keyof typeof KINDS, seed: number) => {
  const results: Awaited<ReturnType<typeof trial>>[] = [];
  const random = createRandom(seed);
  for (let at = 0; at < TRIALS; at += 4)
    results.push(...(await Promise.all([0, 1, 2, 3].map((i) => trial(kind, random.fork(`${kind} ${at + i}`))))));
  return results;
};

test.each(['its provider honours the key', 'it can be looked up'] as const)(
  `a worker that dies on any line around an effect leaves exactly one outside, and the ledger says so: %s (seed ${SEED})`,
  async (kind) => {
    const results = await trials(kind, SEED);
    expect(results.filter(({ state, paid }) => !(state === 'done' && paid === 1))).toEqual([]);
    // The trials were trials: workers died, several times over the same effect too.
    expect(results.filter(({ deaths }) => deaths > 0).length).toBeGreaterThan(TRIALS / 2);
    expect(results.some(({ deaths }) => deaths >= 3)).toBe(true);
  },
  120_000,
);

test(`without key and lookup nothing is done twice: done is once, failed is never, and what nobody knows is left to people (seed ${SEED})`, async () => {
  const results = await trials('there is neither', SEED);
  const wrong = results.filter(({ state, paid }) => {
    if (state === 'done') return paid !== 1;
    return state === 'unknown' ? paid > 1 : paid > 0;
  });
  expect(wrong).toEqual([]);
  expect(results.some(({ state, paid }) => state === 'unknown' && paid === 1)).toBe(true);
  expect(results.some(({ state, paid }) => state === 'unknown' && paid === 0)).toBe(true);
  expect(results.some(({ state }) => state === 'done')).toBe(true);
}, 120_000);
