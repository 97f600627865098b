import type { Action, ActionDecision } from '../contracts/actions.ts';
import type { Decide, ErrorCode } from '../contracts/frames.ts';
import { pauseBefore } from './backoff.ts';
import type { Clock } from './clock.ts';

/** The conversation answers in some 20 ms, or after a reply that is under way; the gateway itself gives up after 10 s. */
const ANSWER_TIMEOUT_MS = 15_000;

/** What the customer pressed on a card, until the conversation shows what became of it. */
export type Pressed = {
  action: string;
  decision: ActionDecision['decision'];
  /** `counted`: the conversation holds it, or an earlier one in its place. `failed`: it cannot be decided any more. */
  status: 'sending' | 'counted' | 'failed';
};

type Entry = Pressed & { commandId: string; argumentsHash: string };

export type DecisionsDeps = {
  clock: Clock;
  newId(): string;
  /** Called only between `goOnline` and `goOffline`. */
  transmit(frame: Decide): void;
  changed(): void;
};

/** Decisions on their way. Each is sent again, under its own id, until it is answered: after a lost link and after a pause. */
export const createDecisions = ({ clock, newId, transmit, changed }: DecisionsDeps) => {
  let entries: readonly Entry[] = [];
  let online = false;
  let failures = 0;
  const waits = new Map<string, () => void>();

  const stopWaiting = (commandId: string): void => {
    waits.get(commandId)?.();
    waits.delete(commandId);
  };

  const send = (entry: Entry): void => {
    const { commandId, action, argumentsHash, decision } = entry;
    if (!online) return;
    again(entry, ANSWER_TIMEOUT_MS);
    transmit({ type: 'decide', commandId, action, argumentsHash, decision });
  };

  const again = (entry: Entry, ms: number): void => {
    stopWaiting(entry.commandId);
    waits.set(
      entry.commandId,
      clock.after(ms, () => send(entry)),
    );
  };

  const settle = (commandId: string, change: Partial<Entry>): void => {
    stopWaiting(commandId);
    entries = entries.map((entry) => (entry.commandId === commandId ? { ...entry, ...change } : entry));
    changed();
  };

  return {
    pressed: (): readonly Pressed[] => entries,
    /** A second press on the same card does nothing. */
    decide({ id, argumentsHash }: Action, decision: ActionDecision['decision']): void {
      if (entries.some(({ action, status }) => action === id && status !== 'failed')) return;
      const entry: Entry = { action: id, argumentsHash, decision, commandId: newId(), status: 'sending' };
      entries = [...entries.filter(({ action }) => action !== id), entry];
      send(entry);
      changed();
    },
    goOnline(): void {
      online = true;
      for (const entry of entries) if (entry.status === 'sending') send(entry);
    },
    goOffline(): void {
      online = false;
      for (const { commandId } of entries) stopWaiting(commandId);
    },
    decided({ commandId, decision }: { commandId: string; decision: ActionDecision['decision'] }): void {
      failures = 0;
      settle(commandId, { status: 'counted', decision });
    },
    refused({
      code,
      commandId,
      retryAfterMs,
    }: {
      code: ErrorCode;
      commandId?: string | undefined;
      retryAfterMs?: number | undefined;
    }) {
      const entry = entries.find((one) => one.commandId === commandId);
      if (!entry) return;
      if (code !== 'rate_limited' && code !== 'unavailable') settle(entry.commandId, { status: 'failed' });
      else again(entry, Math.max(pauseBefore(failures++, clock.random), retryAfterMs ?? 0));
    },
    /** The conversation is another. */
    forget(): void {
      for (const { commandId } of entries) stopWaiting(commandId);
      entries = [];
    },
  };
};
