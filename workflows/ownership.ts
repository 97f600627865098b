import type { Acceptance, DeskDecision, Release } from '../contracts/conversation.ts';
import type { GiveUpAs } from '../contracts/desk.ts';
import type { Owner } from '../contracts/events.ts';

/** A change of owner that is decided and still has to be told to Postgres, the customer and the desk, in this order. */
export type OwnerStep = {
  term: number;
  to: Owner;
  agent?: { id: string; name: string };
  /** The desk that had it so far is told how it left. */
  leave?: { desk: string; how: 'resolved' | 'givenBack' | 'moved' };
  /** It joins the queue: of this desk, else of the one that the playbook names for the reason. */
  /** `reason` is the name of a rule, or `transfer`. */
  queue?: { reason: string; desk?: string; wish?: string; sticky?: string; priority: number };
  /** Nobody came: what becomes of it, and why. */
  givenUp?: { as: 'ticket' | 'assistant'; why: 'waited' | 'closed' };
  resolved?: { outcome: 'agent' | 'abandoned' | 'ticketed'; note?: string };
};

export type CarriedOwnership = {
  owner: Owner;
  term: number;
  agent: string | null;
  desk: string | null;
  reason: string;
  askedIn: number;
  gaveUp: GaveUp | null;
  foretold?: true;
  steps: OwnerStep[];
};

/** Nobody came for this rule, and what became of it. */
type GaveUp = { on: string; as: GiveUpAs };

/** Rules that put somebody in front: an angry customer leaves soonest, and a company has said whom it values most. */
const PRIORITY: Record<string, number> = { sentiment: 2, tier: 2, value: 1 };

/**
 * Who speaks with the customer, decided here and nowhere else. Each change raises the term, so that everybody who acts on an
 * earlier one is refused. Handlers call the methods, which decide at once and leave the telling to the loop.
 */
export class Ownership {
  #owner: Owner = 'assistant';
  #term = 0;
  #agent: string | null = null;
  #desk: string | null = null;
  #reason = '';
  #askedIn = 0;
  #gaveUp: GaveUp | null = null;
  #steps: OwnerStep[] = [];
  /** The customer was told with the handoff that the desk is closed, and what that means. */
  foretold = false;

  constructor(carried?: CarriedOwnership) {
    if (!carried) return;
    this.#owner = carried.owner;
    this.#term = carried.term;
    this.#agent = carried.agent;
    this.#desk = carried.desk;
    this.#reason = carried.reason;
    this.#askedIn = carried.askedIn;
    this.#gaveUp = carried.gaveUp;
    this.#steps = [...carried.steps];
    this.foretold = carried.foretold === true;
  }

  get owner(): Owner {
    return this.#owner;
  }

  get term(): number {
    return this.#term;
  }

  /** Who has it, while an agent does. */
  get agent(): string | null {
    return this.#agent;
  }

  /** The desk that has it, or had it last. */
  get desk(): string | null {
    return this.#desk;
  }

  /** A run that opens a conversation again goes on counting. */
  adopt(term: number): void {
    this.#term = Math.max(this.#term, term);
  }

  /** The desk that the playbook named for a handoff, once that is known. */
  joined(desk: string): void {
    this.#desk = desk;
  }

  /** The oldest change that nobody has been told of. It stays until `told`. */
  get owed(): OwnerStep | undefined {
    return this.#steps[0];
  }

  told(step: OwnerStep): void {
    this.#steps = this.#steps.filter(({ term }) => term !== step.term);
  }

  /** The rule that nobody came for, since a person last had it. */
  get gaveUpOn(): string | undefined {
    return this.#gaveUp?.on;
  }

  get gaveUpAs(): GiveUpAs | undefined {
    return this.#gaveUp?.as;
  }

  /** A person is wanted. `false`: one is on the way or here already, or the same was asked for in this very turn. */
  handOff(reason: string, turn: number): boolean {
    if (this.#owner !== 'assistant' || (reason === this.#reason && turn === this.#askedIn)) return false;
    this.#reason = reason;
    this.#askedIn = turn;
    this.#change('waiting', { queue: { reason, priority: PRIORITY[reason] ?? 0 } });
    return true;
  }

  /**
   * An agent has accepted the desk's offer, and the fences of the next term were raised for it, so the term never stays below
   * that. `false`: it does not wait in that term, of which the desk is told, unless this is late news of a term long over. The
   * same acceptance again changes nothing.
   */
  accept({ agent, by, term, desk }: Acceptance): boolean {
    const isTheirs = this.#owner === 'agent' && this.#agent === agent && this.#term === term + 1;
    if (isTheirs || this.#term > term + 1) return isTheirs;
    if (this.#owner === 'waiting' && this.#term === term) {
      this.#agent = agent;
      this.#gaveUp = null;
      this.#change('agent', { agent: { id: agent, name: by } });
      return true;
    }
    // Somebody else's: their desk is another, or has told this one.
    if (this.#owner === 'agent') return false;
    this.#term = Math.max(this.#term, term + 1);
    if (this.#owner === 'waiting') this.#queue(this.#desk ?? desk, this.#reason, 1);
    else this.#change('assistant', { leave: { desk, how: 'moved' } });
    return false;
  }

  /** Why this agent cannot let go of it in that term; `null` if they can. */
  objection({ agent, term }: Pick<Release, 'agent' | 'term'>): string | null {
    const isTheirs = this.#owner === 'agent' && this.#agent === agent && this.#term === term;
    return isTheirs ? null : `the conversation is not with ${agent} in term ${term}`;
  }

  release({ agent, how, desk, wish, outcome = 'agent', note }: Release): void {
    const from = this.#desk ?? '';
    if (how === 'giveBack') this.#change('assistant', { leave: { desk: from, how: 'givenBack' } });
    else if (how === 'resolve')
      this.#change('assistant', {
        leave: { desk: from, how: 'resolved' },
        resolved: { outcome, ...(note === undefined ? {} : { note }) },
        agent: { id: agent, name: '' },
      });
    else this.#queue(desk ?? from, 'transfer', 1, wish);
  }

  /** What the desk decided, if it still is about this term. */
  decided(decision: DeskDecision): void {
    const { term, kind } = decision;
    if (term !== this.#term) return;
    if (kind === 'return' && this.#owner === 'agent' && this.#agent === decision.agent)
      this.#queue(this.#desk ?? '', this.#reason, 1);
    else if (kind === 'overflow' && this.#owner === 'waiting')
      this.#queue(decision.desk, this.#reason, 1, decision.wish);
    else if (kind === 'giveUp' && this.#owner === 'waiting') {
      this.#gaveUp = { on: this.#reason, as: decision.as };
      this.#change('assistant', { givenUp: { as: decision.as, why: decision.why } });
    }
  }

  #queue(desk: string, reason: string, priority: number, wish?: string): void {
    const from = this.#desk;
    this.#desk = desk;
    this.#change('waiting', {
      queue: { reason, desk, priority, ...(wish ? { wish } : {}) },
      ...(from && from !== desk ? { leave: { desk: from, how: 'moved' } } : {}),
    });
  }

  #change(to: Owner, step: Omit<OwnerStep, 'term' | 'to'>): void {
    this.#owner = to;
    this.#term += 1;
    if (to !== 'agent') this.#agent = null;
    this.#steps.push({ term: this.#term, to, ...step });
  }

  carry(): CarriedOwnership {
    return {
      owner: this.#owner,
      term: this.#term,
      agent: this.#agent,
      desk: this.#desk,
      reason: this.#reason,
      askedIn: this.#askedIn,
      gaveUp: this.#gaveUp,
      steps: this.#steps,
      ...(this.foretold ? { foretold: true as const } : {}),
    };
  }
}
