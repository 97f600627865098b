import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SlaEvent } from '../../../contracts/sla.ts';
import { SlaClocks } from '../../../workflows/sla.ts';

const TARGETS = { firstReply: 100, nextReply: 200, resolution: 1_000 };
const written = (events: SlaEvent[]) => events.map(({ clock, kind }) => `${clock} ${kind}`);

test('first reply: warned at three quarters, breached at the target, each told once', () => {
  const sla = new SlaClocks(TARGETS, null);
  expect(sla.nextAt).toBeNull();
  sla.handedOver(0);
  expect(sla.nextAt).toBe(75);
  expect(sla.take(74)).toEqual([]);
  expect(written(sla.take(75))).toEqual(['firstReply warning']);
  expect(sla.dueAt('firstReply')).toBe(100);
  expect(written(sla.take(5_000))).toEqual(['firstReply breach', 'resolution warning', 'resolution breach']);
  expect(sla.take(9_000)).toEqual([]);
});

test('a reply in time ends it; the next one runs from the first message that nobody has answered', () => {
  const sla = new SlaClocks(TARGETS, null);
  sla.handedOver(0);
  sla.agentSpoke(50);
  expect(sla.nextAt).toBeNull();
  sla.customerSpoke(500);
  sla.customerSpoke(600);
  expect(sla.dueAt('nextReply')).toBe(700);
  sla.agentSpoke(650);
  expect(sla.dueAt('nextReply')).toBeNull();
});

test('resolution does not run while the customer is to answer, nor outside the hours, and ends with the conversation', () => {
  const sla = new SlaClocks(TARGETS, [
    { from: 0, to: 300 },
    { from: 1_000, to: 5_000 },
  ]);
  sla.handedOver(0);
  sla.agentSpoke(100);
  sla.customerSpoke(200);
  expect(sla.dueAt('resolution')).toBe(1_000 + 1_000 - 100 - 100);
  sla.handedOver(250);
  expect(sla.dueAt('resolution')).toBe(1_800);
  sla.over();
  expect([sla.nextAt, sla.take(9_000)]).toEqual([null, []]);
});

const step = fc.record({
  kind: fc.constantFrom(
    'handedOver' as const,
    'customerSpoke' as const,
    'agentSpoke' as const,
    'over' as const,
    'carry' as const,
  ),
  after: fc.nat(150),
});
const spans = fc.option(
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 80 })), { minLength: 1, maxLength: 30 })
    .map((pairs) => {
      let at = 0;
      return pairs.map(([gap, length]) => {
        const span = { from: at + gap, to: at + gap + length };
        at = span.to;
        return span;
      });
    }),
);

test('driven by its own timer or looked at every millisecond, across runs: the same events at the same times', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), spans, (steps, open) => {
      let timed = new SlaClocks(TARGETS, open);
      const watched = new SlaClocks(TARGETS, open);
      const byTimer: string[] = [];
      const byLooking: string[] = [];
      let now = 0;
      for (const { kind, after } of [...steps, { kind: 'carry' as const, after: 2_000 }]) {
        const until = now + after;
        for (let at = timed.nextAt; at !== null && at <= until; at = timed.nextAt)
          byTimer.push(...written(timed.take(at)).map((text) => `${Math.max(at ?? 0, now)} ${text}`));
        for (; now <= until; now++) byLooking.push(...written(watched.take(now)).map((text) => `${now} ${text}`));
        now = until;
        if (kind === 'carry') timed = new SlaClocks(TARGETS, open, JSON.parse(JSON.stringify(timed.carry())));
        else if (kind === 'over') for (const sla of [timed, watched]) sla.over();
        else for (const sla of [timed, watched]) sla[kind](now);
      }
      expect(byTimer.toSorted()).toEqual(byLooking.toSorted());
      expect(byTimer.filter((text) => text.endsWith('breach')).length).toBeLessThanOrEqual(steps.length + 2);
    }),
    { numRuns: 1_000 },
  );
});
