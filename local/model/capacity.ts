import { z } from 'zod';

/** What the server takes, as a provider's account has it; what is absent is not limited. */
export const capacitySchema = z.strictObject({
  /** Answers under way at the same time. */
  concurrency: z.int().min(1).exactOptional(),
  /** Requests in any 60 s. */
  perMinute: z.int().min(1).exactOptional(),
});

export type Capacity = z.infer<typeof capacitySchema>;

/** What was asked of it: the most at once, the most in any 60 s, also of what it refused. */
export type Usage = { sent: number; refused: number; mostAtOnce: number; mostPerMinute: number };

const MINUTE_MS = 60_000;

/** Seconds after which a refused client may come again. */
const RETRY_AFTER = 1;

/** Counts what is asked of the server, and refuses what is above its capacity. */
export const createCapacity = () => {
  let capacity: Capacity = {};
  let talking = 0;
  let usage: Usage = { sent: 0, refused: 0, mostAtOnce: 0, mostPerMinute: 0 };
  let times: number[] = [];
  return {
    /** Counting begins anew. */
    set(next: Capacity): void {
      capacity = next;
      usage = { sent: 0, refused: 0, mostAtOnce: talking, mostPerMinute: 0 };
      times = [];
    },
    usage: (): Usage => usage,
    /** What ends the request, or the seconds after which to come again. */
    begin(): { end(): void } | { retryAfter: number } {
      const now = performance.now();
      times = [...times.filter((time) => time > now - MINUTE_MS), now];
      const { sent, refused, mostAtOnce, mostPerMinute } = usage;
      const isOver =
        talking >= (capacity.concurrency ?? Number.POSITIVE_INFINITY) ||
        times.length > (capacity.perMinute ?? Number.POSITIVE_INFINITY);
      usage = {
        sent: sent + 1,
        refused: refused + (isOver ? 1 : 0),
        mostAtOnce: Math.max(mostAtOnce, talking + 1),
        mostPerMinute: Math.max(mostPerMinute, times.length),
      };
      if (isOver) return { retryAfter: RETRY_AFTER };
      talking += 1;
      return {
        end() {
          talking -= 1;
        },
      };
    },
  };
};

export type CapacityGate = ReturnType<typeof createCapacity>;
