import { Redis } from 'ioredis';
import { nextDelta, nextSnapshot, wholeReply } from '../measures.ts';
import { inRounds, PACED } from '../rounds.ts';
import type { FaultCase } from '../setting.ts';

/** F9. Emptied under live connections, or killed and back empty: either way a new generation, which no client may take for the old one. */
export const redisForgets: FaultCase = {
  name: 'F9',
  title: 'Redis restarts empty, or is flushed mid-stream',
  rig: { gateways: 2, workers: 2, profile: PACED },
  inflict: (setting) =>
    inRounds(setting, async (streaming) => {
      const {
        servers: { redis },
        recording,
        random,
      } = setting;
      const struck = streaming.filter((customer) => customer.view().reply !== null).map(({ name }) => name);
      const what = random.pick(['FLUSHALL', 'SIGKILL']);
      recording.add({ type: 'injected', what, target: 'redis', struck });
      if (what === 'SIGKILL') await redis.restartEmpty();
      else await flushAll(redis.url);
      return struck.length;
    }),
  worst: (lines) => ({
    snapshotMs: nextSnapshot(lines),
    nextDeltaMs: nextDelta(lines),
    wholeReplyMs: wholeReply(lines),
  }),
};

export const flushAll = async (url: string): Promise<void> => {
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
};
