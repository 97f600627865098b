import type { Span } from './business-time.ts';

// What passes between the SLA clocks of a conversation and its activities.

export type SlaClock = 'firstReply' | 'nextReply' | 'resolution';

/** Milliseconds of open time. */
export type SlaTargets = Record<SlaClock, number>;

/** Targets and the open hours of the weeks after a handoff; `null`: always open. */
export type SlaTerms = { targets: SlaTargets; open: Span[] | null };

/** How a clock stands. `dueAt` is epoch milliseconds; `null` while it is paused. */
export type SlaStanding = {
  clock: SlaClock;
  dueAt: number | null;
  state: 'running' | 'paused' | 'warning' | 'breached';
};

/** `breach`: the target is missed. `warning`: three quarters of it are gone. */
export type SlaEvent = { clock: SlaClock; kind: 'warning' | 'breach' };
