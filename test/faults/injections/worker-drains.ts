import { nextDelta, wholeReply } from '../measures.ts';
import type { Violation } from '../promises/case.ts';
import type { Line } from '../recording.ts';
import { inRounds, workerWithCustomers } from '../rounds.ts';
import type { FaultCase } from '../setting.ts';

/** A little less than the worker's own 30 s (workers/worker.ts), after which the other one may begin. */
const DRAIN_MS = 29_000;
/** Some 75 tokens are a reply: 25 to 30 s of it. */
const SLOW = { firstTokenMs: 200, tokensPerSecond: 2.7, jitter: 0.2 };

/**
 * F8. The worker takes nothing new, and what it is saying it says to the end, or leaves to the other worker when that takes
 * longer than its drain: nobody sees text go away before there is other text.
 */
export const workerDrains: FaultCase = {
  name: 'F8',
  title: 'a worker drains with a 30 s stream in flight',
  rig: { gateways: 2, workers: 2, profile: SLOW },
  inflict: (setting) =>
    inRounds(
      setting,
      async (streaming) => {
        const { rig, recording } = setting;
        const { worker, struck } = await workerWithCustomers(setting, streaming);
        const target = worker.child.name;
        recording.add({ type: 'injected', what: 'SIGTERM', target, struck });
        await rig.stop(worker);
        recording.add({ type: 'over', what: worker.child.ended() ?? 'still there', target });
        return struck.length;
      },
      24,
    ),
  check: (lines) => [
    ...ends(lines)
      .filter(({ what }) => what !== 'exit code 0')
      .map(({ what, target }): Violation => ({ promise: 'P11', conversation: '', what: `${target}: ${what}` })),
    ...cutOff(lines),
  ],
  worst: (lines) => ({
    drainMs: drain(lines),
    nextDeltaMs: nextDelta(lines),
    wholeReplyMs: wholeReply(lines),
  }),
};

const ends = (lines: readonly Line[]) => lines.flatMap((line) => (line.type === 'over' ? [line] : []));

/** Replies that another worker began anew although there was time to say them to their end. */
const cutOff = (lines: readonly Line[]): Violation[] =>
  lines.flatMap((asked) => {
    if (asked.type !== 'injected') return [];
    return lines.flatMap((line) => {
      const ms = line.at - asked.at;
      if (line.type !== 'events' || !asked.struck.includes(line.client) || ms < 0 || ms > DRAIN_MS) return [];
      const isAnew = line.events.some(({ event }) => event.type === 'reply.started' && event.attempt > 1);
      const what = `${line.client}: the reply began anew ${Math.round(ms)} ms after SIGTERM`;
      return isAnew ? [{ promise: 'P11', conversation: line.conversation, what }] : [];
    });
  });

const drain = (lines: readonly Line[]): number =>
  Math.round(
    Math.max(
      0,
      ...ends(lines).map(({ at, target }) => {
        const asked = lines.find((line) => line.type === 'injected' && line.target === target);
        return at - (asked?.at ?? at);
      }),
    ),
  );
