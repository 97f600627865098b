import type { Action, ActionDecision } from '../contracts/actions.ts';
import type { Decide } from '../contracts/frames.ts';
import type { Clock } from './clock.ts';
import type { Refusal } from './outbox.ts';
import { createResending } from './resending.ts';

/** What the customer pressed on a card, until the conversation shows what became of it. */
export type Pressed = {
  action: string;
  decision: ActionDecision['decision'];
  /** `counted`: the conversation holds it, or an earlier one in its place. `failed`: it cannot be decided any more. */
  status: 'sending' | 'counted' | 'failed';
};

type Entry = Pressed & { commandId: string };

export type DecisionsDeps = {
  clock: Clock;
  newId(): string;
  /** Called only between `goOnline` and `goOffline`. */
  transmit(frame: Decide): void;
  changed(): void;
};

/** Decisions on their way, each under its own id until it is answered. */
export const createDecisions = ({ clock, newId, transmit, changed }: DecisionsDeps) => {
  const resending = createResending({ clock, transmit });
  let entries: readonly Entry[] = [];

  const mark = (commandId: string, change: Partial<Entry>): void => {
    entries = entries.map((entry) => (entry.commandId === commandId ? { ...entry, ...change } : entry));
    changed();
  };

  return {
    pressed: (): readonly Pressed[] => entries,
    /** A second press on the same card does nothing. */
    decide({ id, argumentsHash }: Action, decision: ActionDecision['decision']): void {
      if (entries.some(({ action, status }) => action === id && status !== 'failed')) return;
      const commandId = newId();
      entries = [
        ...entries.filter(({ action }) => action !== id),
        { action: id, decision, commandId, status: 'sending' },
      ];
      resending.insist(commandId, { type: 'decide', commandId, action: id, argumentsHash, decision });
      changed();
    },
    goOnline: resending.goOnline,
    goOffline: resending.goOffline,
    decided({ commandId, decision }: { commandId: string; decision: ActionDecision['decision'] }): void {
      resending.answered(commandId);
      mark(commandId, { status: 'counted', decision });
    },
    refused({ code, commandId, retryAfterMs }: Refusal): void {
      if (commandId !== undefined && resending.refused(commandId, code, retryAfterMs))
        mark(commandId, { status: 'failed' });
    },
    /** The conversation is another. */
    forget(): void {
      resending.forget();
      entries = [];
    },
  };
};
