/** The longest pause between two attempts, milliseconds. */
export const MAX_PAUSE_MS = 30_000;

/**
 * Milliseconds to wait before attempt number `failures` (0 for the first). Full jitter: many clients that lost the same
 * node spread over the whole pause instead of meeting again at its end. The first pause is up to 1 s, then it doubles.
 */
export const pauseBefore = (failures: number, random: () => number): number =>
  random() * Math.min(MAX_PAUSE_MS, 1_000 * 2 ** Math.min(failures, 10));

/** For a server that asked for patience: between 2 and 4 s at first, doubling to between 15 and 30 s. */
export const patientPauseBefore = (failures: number, random: () => number): number => {
  const longest = Math.min(MAX_PAUSE_MS, 4_000 * 2 ** Math.min(failures, 10));
  return longest / 2 + (random() * longest) / 2;
};
