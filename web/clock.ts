/** Time and chance, injected so that tests own both. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs `then` once after `ms`; the result cancels it. */
  after(ms: number, then: () => void): () => void;
};

export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
