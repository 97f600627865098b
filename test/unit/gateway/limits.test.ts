import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBucket, createBuckets, createCap } from '../../../gateway/limits.ts';

describe('a bucket', () => {
  test('holds a burst, then fills at its rate, and says when to come back', () => {
    const bucket = createBucket({ perSecond: 2, burst: 3 }, 0);
    expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([0, 0, 0, 500]);
    expect(bucket.take(400)).toBe(100);
    expect(bucket.take(500)).toBe(0);
    expect(bucket.take(500)).toBe(500);
  });

  test('never gives more than burst and rate allow, whatever the times', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 });
    fc.assert(
      fc.property(gaps, (waits) => {
        const bucket = createBucket({ perSecond: 5, burst: 4 }, 0);
        let now = 0;
        let taken = 0;
        for (const wait of waits) {
          now += wait;
          if (bucket.take(now) === 0) taken += 1;
        }
        return taken <= 4 + (now / 1_000) * 5;
      }),
    );
  });

  test('coming back when told to is always in time', () => {
    const bucket = createBucket({ perSecond: 3, burst: 1 }, 0);
    let now = 0;
    for (let i = 0; i < 100; i++) {
      expect(bucket.take(now)).toBe(0);
      now += bucket.take(now);
    }
  });
});

test('buckets are kept per key, and forgotten once full', () => {
  const buckets = createBuckets({ perSecond: 1, burst: 1 }, 1_000);
  const start = performance.now();
  expect(buckets.take('ann', start)).toBe(0);
  expect(buckets.take('ann', start)).toBe(1_000);
  expect(buckets.take('bob', start)).toBe(0);
  expect(buckets.size()).toBe(2);
  expect(buckets.take('cid', start + 2_000)).toBe(0);
  expect(buckets.size()).toBe(1);
});

test('a cap counts what is open per key', () => {
  const cap = createCap(2);
  expect([cap.take('a'), cap.take('a'), cap.take('a'), cap.take('b')]).toEqual([true, true, false, true]);
  cap.release('a');
  expect([cap.take('a'), cap.take('a')]).toEqual([true, false]);
});
