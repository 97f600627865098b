import { afterEach, describe, expect, test } from '@jest/globals';
import type { ModelLimits } from '../../../stream/model-queue.ts';
import { describeQueueInterleavings } from './interleavings.ts';
import { type CreateQueueRig, enter, isFree, type ModelQueueRig, PLENTY, pause, served, takeFree } from './rig.ts';

/** What every queue in front of a model must do. */
export const describeModelQueue = (name: string, createRig: CreateQueueRig, settings: { numRuns: number }): void => {
  describe(name, () => {
    let rig: ModelQueueRig | undefined;
    const create = async (limits: Partial<ModelLimits>) => {
      rig = await createRig({ ...PLENTY, ...limits });
      return rig.queues;
    };
    afterEach(async () => {
      await rig?.close();
      rig = undefined;
    });

    test('gives as many places as there are, over all processes, and each that comes free to one that waits', async () => {
      const [one, two, three] = await create({ concurrency: 2 });
      const first = await takeFree(one);
      await takeFree(two);
      expect(await isFree(three)).toBe(false);
      const waiting = enter(three);
      await pause(20);
      first.leave({ result: 'ok' });
      const place = await waiting;
      expect(place?.waitedMs).toBeGreaterThanOrEqual(15);
      expect(await isFree(one)).toBe(false);
      place?.leave({ result: 'ok' });
      place?.leave({ result: 'ok' });
      await pause(20);
      expect(await isFree(one)).toBe(true);
      expect(one.standing()).toMatchObject({ limit: 2 });
    });

    test('goes round among shares, whoever has how many, and first come, first served within one', async () => {
      const queues = await create({ concurrency: 1 });
      const shares = [...Array(8).fill('heavy'), 'light', 'light', 'other'];
      const order = await served(
        queues,
        shares.map((share) => ({ share })),
      );
      expect(order.slice(0, 5).sort()).toEqual(['heavy', 'heavy', 'light', 'light', 'other']);
      expect(order.slice(5)).toEqual(Array(6).fill('heavy'));
    });

    test('gives background calls a place when no live one wants it', async () => {
      const queues = await create({ concurrency: 1 });
      const order = await served(queues, [
        { share: 'summary', rank: 'background' },
        { share: 'summary', rank: 'background' },
        { share: 'anna' },
        { share: 'bert' },
        { share: 'anna' },
      ]);
      expect(order).toEqual(['anna', 'bert', 'anna', 'summary', 'summary']);
    });

    test('says no in time, and who gives up costs its share nothing', async () => {
      const [queue, other] = await create({ concurrency: 1 });
      const first = await takeFree(queue);
      const begun = performance.now();
      const gone = Array.from({ length: 20 }, () => enter(queue, { share: 'impatient', withinMs: 60 }));
      expect(await Promise.all(gone)).toEqual(Array(20).fill(null));
      expect(performance.now() - begun).toBeGreaterThanOrEqual(58);
      const order: string[] = [];
      const all = ['patient', 'patient', 'impatient'].map(async (share, index) => {
        await pause(index * 5);
        const place = await enter(index === 1 ? other : queue, { share });
        order.push(share);
        place?.leave({ result: 'ok' });
      });
      await pause(40);
      first.leave({ result: 'ok' });
      await Promise.all(all);
      expect(order).toEqual(['patient', 'impatient', 'patient']);
    });

    test('a caller that is gone takes no place, neither waiting nor later', async () => {
      const [queue, other] = await create({ concurrency: 1 });
      const first = await takeFree(queue);
      const stop = new AbortController();
      const gone = enter(other, {}, stop.signal);
      const next = enter(queue, { share: 'bert' });
      await pause(20);
      stop.abort(new Error('stopped'));
      await expect(gone).rejects.toThrow('stopped');
      await expect(enter(queue, {}, stop.signal)).rejects.toThrow('stopped');
      first.leave({ result: 'ok' });
      const place = await next;
      expect(place).not.toBeNull();
      place?.leave({ result: 'ok' });
      await pause(20);
      expect(await isFree(other)).toBe(true);
    });

    test('sends no more in a minute than is allowed: a second at once, then one after the other', async () => {
      const [one, two] = await create({ requestsPerMinute: 600 });
      const begun = performance.now();
      const at: number[] = [];
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const place = await enter(index % 2 ? one : two, { share: `share-${index}` });
          at.push(performance.now() - begun);
          place?.leave({ result: 'ok' });
        }),
      );
      at.sort((a, b) => a - b);
      const most = (ms: number) =>
        Math.max(...at.map((from) => at.filter((time) => time >= from && time < from + ms).length));
      // 10 at once, and 591 more in the 60 s after them.
      expect(at[9]).toBeLessThan(400);
      expect(at[19]).toBeGreaterThanOrEqual(10 / (591 / 60_000) - 120);
      expect(most(300)).toBeLessThanOrEqual(10 + 3);
    });

    test('reserves what a call may cost, and gives back what it did not', async () => {
      const [queue] = await create({ tokensPerMinute: 10_000 });
      const costly = await takeFree(queue, { tokens: 900 });
      expect(await enter(queue, { withinMs: 0, tokens: 900 })).toBeNull();
      costly.leave({ result: 'ok', tokens: 100 });
      await pause(20);
      const next = await takeFree(queue, { tokens: 850 });
      next.leave({ result: 'ok', tokens: 0 });
      // More than the bucket holds: it waits for a full one instead of for ever.
      expect(await enter(queue, { tokens: 50_000, withinMs: 5_000 })).not.toBeNull();
    });

    test('a 429 has everybody pause, and halves how many may talk once, until calls go well again', async () => {
      const [one, two] = await create({ concurrency: 8 });
      const all = await Promise.all(Array.from({ length: 8 }, () => takeFree(one)));
      const begun = performance.now();
      for (const place of all) place.leave({ result: 'slow_down', retryAfterMs: 300, tokens: 0 });
      await pause(20);
      expect(await isFree(two)).toBe(false);
      const next = await Promise.all(Array.from({ length: 4 }, () => enter(two)));
      expect(performance.now() - begun).toBeGreaterThanOrEqual(295);
      expect(await isFree(one)).toBe(false);
      expect(one.standing().limit).toBe(4);
      for (const place of next) place?.leave({ result: 'ok' });
      for (let call = 0; call < 40; call += 1) {
        const place = await enter(one);
        place?.leave({ result: 'ok' });
      }
      await pause(20);
      await isFree(one);
      expect(one.standing().limit).toBe(8);
    });

    describeQueueInterleavings(createRig, settings);
  });
};
