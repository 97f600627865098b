import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { CustomSlotSupplier, WorkflowSlotInfo } from '@temporalio/worker';

/**
 * How late the event loop may be before the worker takes no further task, milliseconds. A task that is held while its reply
 * streams has to report every 4 s; a loop that is late by a fraction of a second still does, one that is late by seconds
 * makes the server give its tasks to others, who do them again.
 */
const MAX_LAG_MS = 200;

/** Tasks that are taken whatever the lag, so that a busy machine is slow and not still. */
const ALWAYS = 4;

/** How often the loop's lateness is looked at, and whether a waiting poll may go on. Milliseconds. */
const LOOK_MS = 25;

/** How late the event loop is: the worst of the last 8 looks, so that one quiet moment opens no flood-gate. */
export const watchLag = () => {
  const late: number[] = [];
  let due = performance.now() + LOOK_MS;
  const timer = setInterval(() => {
    late.push(Math.max(0, performance.now() - due));
    if (late.length > 8) late.shift();
    due = performance.now() + LOOK_MS;
  }, LOOK_MS);
  timer.unref();
  return { lagMs: () => Math.max(0, ...late) };
};

/**
 * Slots for workflow tasks: many, since a task that waits for a model costs nothing, but handed out only while this process
 * keeps up. What it does not take waits at the server, for this worker or another.
 */
export const createAdmission = (slots: number, lagMs: () => number): CustomSlotSupplier<WorkflowSlotInfo> => {
  // Idle pollers hold permits too; only those in use count against ALWAYS.
  let permits = 0;
  let working = 0;
  const isOpen = () => permits < slots && (working < ALWAYS || lagMs() <= MAX_LAG_MS);
  return {
    type: 'custom',
    async reserveSlot(_context, abortSignal) {
      while (!isOpen()) await pause(LOOK_MS, undefined, { signal: abortSignal });
      permits += 1;
      return {};
    },
    tryReserveSlot() {
      if (!isOpen()) return null;
      permits += 1;
      return {};
    },
    markSlotUsed() {
      working += 1;
    },
    releaseSlot({ slotInfo }) {
      permits -= 1;
      if (slotInfo) working -= 1;
    },
  };
};
