import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { keysOf } from '../../../stream/scripts.ts';
import type { Customer } from '../customer.ts';
import { promisedSnapshot, wholeReply } from '../measures.ts';
import { inRounds, PACED } from '../rounds.ts';
import type { FaultCase, Setting } from '../setting.ts';

/** How long somebody is away, milliseconds: some twenty deltas go by in a second. */
const AWAY_MS = { low: 300, high: 2_500 };

/**
 * F11. What the writer's own limit does to a very long turn, done here to a short one: the log loses its oldest events. For some
 * of its readers these lie between what they have and the head: they were away, or what their gateway hears was cut.
 */
export const logTrimmed: FaultCase = {
  name: 'F11',
  title: 'the log is trimmed under a slow reader',
  rig: { gateways: 2, workers: 2, profile: PACED },
  inflict: (setting) =>
    inRounds(setting, async (streaming) => {
      const { servers, random, recording } = setting;
      const redis = new Redis(servers.redis.url);
      try {
        const struck = streaming.filter((customer) => customer.view().reply !== null);
        await Promise.all(struck.map((customer) => strike(setting, redis, customer)));
        if (random.next() < 0.3) {
          recording.add({ type: 'injected', what: 'subscriptions cut', target: 'gateways', struck: [] });
          await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
          await Promise.all(struck.map((customer) => strike(setting, redis, customer)));
        }
        return struck.length;
      } finally {
        redis.disconnect();
      }
    }),
  // Before the snapshot lies the client's own pause before it connects again, which grows with every refusal.
  worst: (lines) => ({ snapshotMs: promisedSnapshot(lines), wholeReplyMs: wholeReply(lines) }),
};

/** A reader who is away while the log moves on and is cut, or one who is there and has everything. */
const strike = async ({ random: shared, recording }: Setting, redis: Redis, customer: Customer): Promise<void> => {
  const random = shared.fork(`${customer.name} ${customer.view().position?.seq ?? 0}`);
  const isAway = random.next() < 0.6;
  const [, events] = keysOf(await customer.connected());
  if (isAway) {
    customer.stayAway();
    await pause(random.int(AWAY_MS.low, AWAY_MS.high));
  }
  const what = isAway ? 'trimmed, reader away' : 'trimmed';
  recording.add({ type: 'injected', what, target: 'log', struck: [customer.name] });
  await redis.xtrim(events, 'MAXLEN', '=', random.int(1, 3));
  customer.comeBack();
};
