import { afterOpen, openBetween, type Span } from '../contracts/business-time.ts';
import type { SlaClock, SlaEvent, SlaStanding, SlaTargets } from '../contracts/sla.ts';

/** `used` is open time before `since`; `since` is when it began to run, `null` while it is paused. Times are epoch milliseconds. */
type Running = { used: number; since: number | null; told: 'nothing' | 'warning' | 'breach' };

export type CarriedSla = Partial<Record<SlaClock, Running>>;

const STATES = { nothing: 'running', warning: 'warning', breach: 'breached' } as const;

/** How much of a target is gone when its people are warned. */
const WARNED_AT = 0.75;

/**
 * The clocks of one conversation that people are to answer. First and next reply run while the customer waits for a person,
 * resolution from the handoff to the end, without the time that the customer takes. All of it in open hours.
 */
export class SlaClocks {
  #targets: SlaTargets;
  #open: readonly Span[] | null;
  #clocks: Map<SlaClock, Running>;

  constructor(targets: SlaTargets, open: readonly Span[] | null, carried: CarriedSla = {}) {
    this.#targets = targets;
    this.#open = open;
    this.#clocks = new Map();
    for (const clock of ['firstReply', 'nextReply', 'resolution'] as const) {
      const running = carried[clock];
      if (running) this.#clocks.set(clock, { ...running });
    }
  }

  /** It waits for a person. Handed on or given back to the queue, what runs already runs on. */
  handedOver(now: number): void {
    if (!this.#clocks.has('nextReply') && !this.#clocks.has('firstReply')) this.#start('firstReply', now);
    if (!this.#clocks.has('resolution')) this.#start('resolution', now);
    else this.#resume('resolution', now);
  }

  /** Only the first unanswered message counts; before the first reply that clock runs already. */
  customerSpoke(now: number): void {
    if (!this.#clocks.has('resolution')) return;
    this.#resume('resolution', now);
    if (!this.#clocks.has('firstReply') && !this.#clocks.has('nextReply')) this.#start('nextReply', now);
  }

  /** The customer's move. */
  agentSpoke(now: number): void {
    this.#clocks.delete('firstReply');
    this.#clocks.delete('nextReply');
    const running = this.#clocks.get('resolution');
    if (!running || running.since === null) return;
    running.used += this.#between(running.since, now);
    running.since = null;
  }

  /** Resolved, or the assistant's again: people owe nothing more. */
  over(): void {
    this.#clocks.clear();
  }

  /** When the next warning or breach is due; `null` while nothing runs. */
  get nextAt(): number | null {
    const times = [...this.#clocks].flatMap(([clock, running]) => this.#due(clock, running)?.at ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** What has become due by `now`, each once. */
  take(now: number): SlaEvent[] {
    const events: SlaEvent[] = [];
    for (const [clock, running] of this.#clocks)
      for (let due = this.#due(clock, running); due && due.at <= now; due = this.#due(clock, running)) {
        running.told = due.kind;
        events.push({ clock, kind: due.kind });
      }
    return events;
  }

  /** When this clock is breached if nothing stops it; `null` while it does not run. */
  dueAt(clock: SlaClock): number | null {
    const running = this.#clocks.get(clock);
    return running ? this.#at(clock, running, 1) : null;
  }

  /** How each clock stands, for people to look at. */
  get standing(): SlaStanding[] {
    return [...this.#clocks].map(([clock, running]) => ({
      ...{ clock, dueAt: this.#at(clock, running, 1) },
      state: running.since === null ? 'paused' : STATES[running.told],
    }));
  }

  carry(): CarriedSla {
    return Object.fromEntries(this.#clocks);
  }

  #start(clock: SlaClock, now: number): void {
    this.#clocks.set(clock, { used: 0, since: now, told: 'nothing' });
  }

  #resume(clock: SlaClock, now: number): void {
    const running = this.#clocks.get(clock);
    if (running && running.since === null) running.since = now;
  }

  #due(clock: SlaClock, running: Running): { kind: 'warning' | 'breach'; at: number } | null {
    if (running.told === 'breach') return null;
    const kind = running.told === 'nothing' ? 'warning' : 'breach';
    const at = this.#at(clock, running, kind === 'warning' ? WARNED_AT : 1);
    return at === null ? null : { kind, at };
  }

  #at(clock: SlaClock, { used, since }: Running, share: number): number | null {
    if (since === null) return null;
    const left = Math.max(0, Math.ceil(this.#targets[clock] * share) - used);
    return this.#open === null ? since + left : afterOpen(this.#open, since, left);
  }

  #between(from: number, to: number): number {
    return this.#open === null ? to - from : openBetween(this.#open, from, to);
  }
}
