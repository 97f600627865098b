/** What one peer may take from a node, and how long the node waits for it. Milliseconds and bytes. */
export const LIMITS = {
  helloMs: 10_000,
  /** Something is sent at least this often, and a ping too. */
  heartbeatMs: 15_000,
  /** A peer that has not answered a ping by then is gone. */
  pongMs: 10_000,
  /** What may wait to be read by one peer. The largest single frame is a snapshot, half of this. */
  unsentBytes: 1024 * 1024,
  /** Frames and pings of one connection. A person types none as fast; over it the frame is not read. */
  frames: { perSecond: 20, burst: 40 },
  /** Over this the connection is closed: 200 frames/s last 2 s. */
  flood: { perSecond: 100, burst: 200 },
  /** Messages of one visitor or customer to Temporal, over all their connections to this node. */
  messages: { perSecond: 2, burst: 10 },
  /** Messages of one connection that wait for Temporal: at 7 ms each, a quarter of a second. */
  queued: 32,
  /** Room for an office behind one address; 200 idle connections take 7 MB. A proxy in front has everybody's and needs more. */
  perAddress: 200,
  /** New connections of one address: a session for every message must be no way around the limits of a session. */
  arrivals: { perSecond: 20, burst: 200 },
  /** Tabs and devices of one visitor or customer. */
  perSubject: 10,
  /** Agents who sign in from one address: an office at nine in the morning, and nobody who tries passwords. */
  signInsPerAddress: { perSecond: 1, burst: 60 },
  /** Attempts for one agent's id. Whoever guesses keeps the agent out, too, for as long as they go on. */
  signInsPerAgent: { perSecond: 0.1, burst: 10 },
  /** Windows and devices of one agent. */
  perAgent: 10,
  /** Conversations that one window follows. */
  watched: 20,
  /** A node that drains lets go of everybody within this. */
  drainMs: 8_000,
  /** Clients of a node that drains come back spread over this, so that the others are not stampeded. */
  reconnectSpreadMs: 2_000,
};

export type Limits = typeof LIMITS;
export type Rate = { perSecond: number; burst: number };

/** A token bucket: `burst` at once, `perSecond` in the long run. */
export const createBucket = ({ perSecond, burst }: Rate, start = performance.now()) => {
  let tokens = burst;
  let filledAt = start;
  const fill = (now: number): void => {
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1_000) * perSecond);
    filledAt = now;
  };
  return {
    /** Takes one token: 0, or the milliseconds until there will be one. */
    take(now = performance.now()): number {
      fill(now);
      if (tokens < 1) return Math.ceil(((1 - tokens) / perSecond) * 1_000);
      tokens -= 1;
      return 0;
    },
    isFull(now = performance.now()): boolean {
      fill(now);
      return tokens >= burst;
    },
  };
};

/** One bucket per key. A full one is as good as none, so it is dropped: memory follows the keys in use. */
export const createBuckets = (rate: Rate, sweepMs = 10_000) => {
  const buckets = new Map<string, ReturnType<typeof createBucket>>();
  let sweptAt = performance.now();
  return {
    take(key: string, now = performance.now()): number {
      if (now - sweptAt > sweepMs) {
        sweptAt = now;
        for (const [other, bucket] of buckets) if (bucket.isFull(now)) buckets.delete(other);
      }
      const bucket = buckets.get(key) ?? createBucket(rate, now);
      buckets.set(key, bucket);
      return bucket.take(now);
    },
    size: () => buckets.size,
  };
};

export type Buckets = ReturnType<typeof createBuckets>;

/** Counts what is open per key. */
export const createCap = (max: number) => {
  const open = new Map<string, number>();
  return {
    /** False, and nothing taken, when `key` has its share. */
    take(key: string): boolean {
      const count = open.get(key) ?? 0;
      if (count >= max) return false;
      open.set(key, count + 1);
      return true;
    },
    release(key: string): void {
      const count = open.get(key) ?? 0;
      if (count > 1) open.set(key, count - 1);
      else open.delete(key);
    },
  };
};

export type Cap = ReturnType<typeof createCap>;
