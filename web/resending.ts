import type { ErrorCode } from '../contracts/frames.ts';
import { pauseBefore } from './backoff.ts';
import type { Clock } from './clock.ts';

/** The desk answers in some 20 ms, or after a reply that is under way; the gateway itself gives up after 10 s. */
const ANSWER_TIMEOUT_MS = 15_000;

export type ResendingDeps<Frame> = {
  clock: Clock;
  /** Called only between `goOnline` and `goOffline`. */
  transmit(frame: Frame): void;
};

/** Frames that are each sent again, under their own id, until they are answered: after a lost link and after a pause. */
export const createResending = <Frame>({ clock, transmit }: ResendingDeps<Frame>) => {
  const open = new Map<string, Frame>();
  const waits = new Map<string, () => void>();
  let online = false;
  let failures = 0;

  const stopWaiting = (id: string): void => {
    waits.get(id)?.();
    waits.delete(id);
  };

  const again = (id: string, ms: number): void => {
    stopWaiting(id);
    waits.set(
      id,
      clock.after(ms, () => send(id)),
    );
  };

  const send = (id: string): void => {
    const frame = open.get(id);
    if (!online || frame === undefined) return;
    again(id, ANSWER_TIMEOUT_MS);
    transmit(frame);
  };

  const drop = (id: string): void => {
    stopWaiting(id);
    open.delete(id);
  };

  return {
    insist(id: string, frame: Frame): void {
      open.set(id, frame);
      send(id);
    },
    answered(id: string): void {
      failures = 0;
      drop(id);
    },
    /** `true`: this one was refused for good. */
    refused(id: string | undefined, code: ErrorCode, retryAfterMs = 0): boolean {
      if (id === undefined || !open.has(id)) return false;
      if (code === 'rate_limited' || code === 'unavailable') {
        again(id, Math.max(pauseBefore(failures++, clock.random), retryAfterMs));
        return false;
      }
      drop(id);
      return true;
    },
    goOnline(): void {
      online = true;
      for (const id of open.keys()) send(id);
    },
    goOffline(): void {
      online = false;
      for (const id of open.keys()) stopWaiting(id);
    },
    forget(): void {
      for (const id of [...open.keys()]) drop(id);
    },
  };
};
