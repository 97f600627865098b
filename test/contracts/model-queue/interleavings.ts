import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Place } from '../../../stream/model-queue.ts';
import { type CreateQueueRig, enter, type ModelQueueRig, PLENTY, pause } from './rig.ts';

type Step =
  | { do: 'enter'; queue: number; share: number; rank: 'live' | 'background'; withinMs: number }
  | { do: 'leave'; which: number; result: 'ok' | 'failed' }
  | { do: 'abort'; which: number }
  | { do: 'pause'; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('enter'),
      queue: fc.nat({ max: 2 }),
      share: fc.nat({ max: 3 }),
      rank: fc.constantFrom('live', 'background'),
      withinMs: fc.constantFrom(0, 3, 5_000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('leave'), which: fc.nat(), result: fc.constantFrom('ok', 'failed') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('abort'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pause'), ms: fc.nat({ max: 6 }) }) },
);

const CONCURRENCY = 3;

const run = async ({ queues }: ModelQueueRig, steps: Step[]): Promise<void> => {
  const held: Place[] = [];
  const waiting = new Set<AbortController>();
  const all: Promise<unknown>[] = [];
  let most = 0;
  const leave = (which: number, result: 'ok' | 'failed') => {
    const [place] = held.splice(which % Math.max(1, held.length), 1);
    place?.leave({ result });
  };
  for (const action of steps) {
    if (action.do === 'pause') await pause(action.ms);
    else if (action.do === 'leave') leave(action.which, action.result);
    else if (action.do === 'abort') [...waiting][action.which % Math.max(1, waiting.size)]?.abort();
    else {
      const stop = new AbortController();
      waiting.add(stop);
      const { queue, share, rank, withinMs } = action;
      const got = enter(queues[queue] ?? queues[0], { share: `share-${share}`, rank, withinMs }, stop.signal)
        .then(
          (place) => {
            if (place) held.push(place);
            most = Math.max(most, held.length);
          },
          () => expect(stop.signal.aborted).toBe(true),
        )
        .finally(() => waiting.delete(stop));
      all.push(got);
    }
  }
  // Whoever still waits gets a place when the others leave: none was lost on the way.
  const left = Promise.all(all);
  let isOver = false;
  void left.then(() => {
    isOver = true;
  });
  while (!isOver) {
    leave(0, 'ok');
    await pause(1);
  }
  await left;
  while (held.length > 0) leave(0, 'ok');
  expect(most).toBeLessThanOrEqual(CONCURRENCY);
  await pause(5);
  const again = await Promise.all(queues.map((queue) => enter(queue, { withinMs: 200 })));
  expect(again).not.toContain(null);
  for (const place of again) place?.leave({ result: 'ok' });
};

/** Random interleavings of three processes. Failing seeds are printed by fast-check. */
export const describeQueueInterleavings = (createRig: CreateQueueRig, { numRuns }: { numRuns: number }): void => {
  test('never more than the limit, and none is forgotten, whatever the order', async () => {
    const rig = await createRig({ ...PLENTY, concurrency: CONCURRENCY });
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => run(rig, steps)),
        { numRuns },
      );
    } finally {
      await rig.close();
    }
  });
};
