import type { ModelLimits, ModelQueue, Place, PlaceRequest } from '../../../stream/model-queue.ts';

/** A queue as three processes have it; in memory all three are one. */
export type ModelQueueRig = { queues: [ModelQueue, ModelQueue, ModelQueue]; close(): Promise<void> };

export type CreateQueueRig = (limits?: Partial<ModelLimits>) => Promise<ModelQueueRig>;

/** So high that nothing of it is ever short. */
export const PLENTY: ModelLimits = { concurrency: 1_000, requestsPerMinute: 6_000_000, tokensPerMinute: 600_000_000 };

const never = new AbortController().signal;

export const enter = (
  queue: ModelQueue,
  change: Partial<PlaceRequest> = {},
  signal: AbortSignal = never,
): Promise<Place | null> =>
  queue.enter({ rank: 'live', share: 'anna', tokens: 1, withinMs: 20_000, ...change }, signal);

/** A place that must be free. */
export const takeFree = async (queue: ModelQueue, change: Partial<PlaceRequest> = {}): Promise<Place> => {
  const place = await enter(queue, { withinMs: 0, ...change });
  if (!place) throw new Error('there was no free place');
  return place;
};

export const isFree = async (queue: ModelQueue): Promise<boolean> => {
  const place = await enter(queue, { withinMs: 0, share: 'probe' });
  place?.leave({ result: 'failed', tokens: 0 });
  return place !== null;
};

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Lets `requests` wait, in this order, behind somebody who has the only place, and gives it to one after the other.
 *
 * @returns the shares in the order in which they got it
 */
export const served = async (
  [queue, ...others]: ModelQueueRig['queues'],
  requests: Partial<PlaceRequest>[],
): Promise<string[]> => {
  const first = await takeFree(queue, { share: 'first' });
  const order: string[] = [];
  const all: Promise<void>[] = [];
  for (const [index, request] of requests.entries()) {
    const own = [queue, ...others][index % 3] ?? queue;
    const got = enter(own, request).then(async (place) => {
      order.push(request.share ?? 'anna');
      await pause(1);
      place?.leave({ result: 'ok' });
    });
    all.push(got);
    // Arrives before the next one asks, in whichever process.
    await pause(5);
  }
  first.leave({ result: 'ok' });
  await Promise.all(all);
  return order;
};
