import type { Clock } from '../../web/clock.ts';

/** Time that moves only when told to. */
export const createFakeClock = (random: () => number = () => 0.5) => {
  let now = Date.parse('2026-01-05T09:00:00.000Z');
  let timers: { at: number; then: () => void }[] = [];

  const clock: Clock = {
    now: () => now,
    random,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
  };

  /** Runs what falls due within `ms`, in order, and lets promises settle before and after each. */
  const advance = async (ms: number): Promise<void> => {
    const end = now + ms;
    for (;;) {
      await settle();
      const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      timers = timers.filter((each) => each !== due);
      now = Math.max(now, due.at);
      due.then();
    }
    now = end;
  };

  return { clock, advance };
};

export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
