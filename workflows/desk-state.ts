import type { AgentChange, ConversationLeft, DeskSwitch, Direction, Handoff, OfferAnswer } from '../contracts/desk.ts';
import type { DeskEffect, DeskPolicy, EffectResult } from '../contracts/desk-work.ts';
import { DeskFloor, type Due } from './desk-floor.ts';
import { DeskHours } from './desk-hours.ts';
import { DeskOutbox } from './desk-outbox.ts';
import { DeskPositions } from './desk-positions.ts';
import type { Agent, CarriedDesk, Entry } from './desk-records.ts';
import { Recent } from './recent.ts';

/** Ids of conversations and commands that are remembered after they are over, so that what comes late is known. */
const REMEMBERED = 2_000;

/** Who waits at a desk, who works there, and who is offered what: decided here and nowhere else. Time is given, never read. */
export class DeskState {
  #hours: DeskHours;
  #floor: DeskFloor;
  #outbox: DeskOutbox;
  #gone: Recent<number>;
  #commands: Recent<true>;
  #seq: number;
  #handleMs: number;
  #positions: DeskPositions;
  #newcomers: string[] = [];

  constructor(carried: CarriedDesk) {
    this.#hours = new DeskHours(carried.policy.open, carried.switch);
    this.#outbox = new DeskOutbox(carried.effects, carried.counts.effect);
    this.#floor = new DeskFloor(carried.policy, this.#outbox, carried.counts.offer);
    this.#gone = new Recent(REMEMBERED, carried.gone);
    this.#commands = new Recent(
      REMEMBERED,
      carried.commands.map((id) => [id, true] as const),
    );
    this.#seq = carried.counts.seq;
    this.#handleMs = carried.handleMs;
    this.#positions = new DeskPositions(this.#floor, this.#outbox, carried.toldAt);
    for (const agent of carried.agents) {
      this.#floor.agents.set(agent.id, { ...agent });
      if (agent.wrapUntil > 0) this.#floor.deadlines.add({ at: agent.wrapUntil, kind: 'wrapUp', agent: agent.id });
    }
    for (const entry of carried.entries) this.#floor.put({ ...entry, refusals: [...entry.refusals] });
  }

  static opened(policy: DeskPolicy): DeskState {
    const nothing = { agents: [], entries: [], gone: [], commands: [], effects: [] };
    const counts = { seq: 0, offer: 0, effect: 0 };
    return new DeskState({ policy, switch: 'hours', ...nothing, counts, handleMs: policy.handleMs, toldAt: 0 });
  }

  // ── what the desk is told ──────────────────────────────────────────────────────────────────────────────────────────

  setPolicy(policy: DeskPolicy): void {
    this.#floor.policy = policy;
    this.#hours.open = policy.open;
  }

  /** Closed, it takes nobody in. Who waits already goes on waiting, and is offered to whoever is there. */
  setSwitch(to: DeskSwitch): void {
    this.#hours.switch = to;
  }

  isOpen(now: number): boolean {
    return this.#hours.isOpen(now);
  }

  handOff(handoff: Handoff, now: number): void {
    const { conversationId, term } = handoff;
    const known = this.#floor.entries.get(conversationId);
    if (term <= (this.#gone.get(conversationId) ?? 0) || (known && term < known.term)) return;
    if (known?.term === term) {
      const { place, priority, dueAt } = known;
      if (place !== 'waiting' || handoff.priority <= priority) return;
      const raised = { priority: handoff.priority, key: this.#key(dueAt, handoff.priority) };
      this.#floor.change(known, raised, now);
      return;
    }
    const at = known?.place === 'returning' ? Math.min(known.at, handoff.at) : handoff.at;
    const freed = known && this.#floor.drop(known, now);
    this.#enter({ ...handoff, at }, now);
    if (freed) this.#floor.serve(freed, now);
  }

  #enter(handoff: Handoff, now: number): void {
    const { conversationId, term, at, priority, skills, wish, ...rest } = handoff;
    const { whenClosed, firstReplyMs, overflow, maxWait, relaxMs } = this.#floor.policy;
    if (whenClosed !== 'wait' && !this.isOpen(now)) {
      this.#outbox.want({ kind: 'giveUp', conversationId, term, as: whenClosed, why: 'closed' });
      this.#gone.set(conversationId, term);
      return;
    }
    const dueAt = this.#hours.after(at, firstReplyMs);
    const entry: Entry = {
      ...{ ...rest, conversationId, term, at, priority, skills, place: 'waiting', seq: ++this.#seq, dueAt },
      ...{ key: this.#key(dueAt, priority), refusals: [] },
      ...(wish && this.#floor.agents.get(wish)?.status === 'online' ? { wish } : {}),
      ...(overflow ? { overflowAt: this.#hours.after(at, overflow.afterMs) } : {}),
      ...(maxWait ? { giveUpAt: this.#hours.after(at, maxWait.afterMs) } : {}),
      ...(skills.length > 0 ? { relaxAt: this.#hours.after(at, relaxMs) } : {}),
    };
    this.#floor.put(entry);
    this.#floor.seek(entry, now);
    this.#newcomers.push(conversationId);
  }

  /** Resolved, given back to the assistant, or with another desk: whoever has it here is free of it. */
  left({ conversationId, term, how }: ConversationLeft, now: number): void {
    const entry = this.#floor.entries.get(conversationId);
    if (term > (this.#gone.get(conversationId) ?? 0)) this.#gone.set(conversationId, term);
    if (!entry || term < entry.term) return;
    const wasHeld = entry.place === 'held' && how !== 'moved';
    if (wasHeld) this.#handleMs = Math.round(this.#handleMs * 0.8 + (now - (entry.since ?? now)) * 0.2);
    const agent = this.#floor.drop(entry, now);
    if (!agent) return;
    const { wrapUpMs } = this.#floor.policy;
    if (wasHeld && wrapUpMs > 0 && agent.status === 'online') {
      agent.wrapUntil = now + wrapUpMs;
      this.#floor.deadlines.add({ at: agent.wrapUntil, kind: 'wrapUp', agent: agent.id });
      this.#become(agent, 'wrapUp');
    }
    this.#floor.serve(agent, now);
  }

  /** A supervisor wants one person to have it. Somebody else's offer of it is taken back; who is not online gets none. */
  direct({ conversationId, term, agent }: Direction, now: number): void {
    const entry = this.#floor.entries.get(conversationId);
    if (entry?.term !== term || this.#floor.agents.get(agent)?.status !== 'online') return;
    if (entry.place !== 'waiting' && (entry.place !== 'offered' || entry.agent === agent)) return;
    entry.refusals = entry.refusals.filter((refusal) => refusal.agent !== agent);
    if (entry.place === 'waiting') this.#floor.change(entry, { wish: agent }, now);
    else {
      entry.wish = agent;
      this.#withdraw(entry, 'left', now);
    }
  }

  agentChanged({ agent: profile, status, seq }: AgentChange, now: number): void {
    const before = this.#floor.agents.get(profile.id);
    if (before && seq <= before.seq) return;
    const agent: Agent = Object.assign(before ?? { load: 0, freeSince: now }, profile, {
      ...{ seq, status, misses: 0, wrapUntil: 0 },
    });
    this.#floor.agents.set(agent.id, agent);
    if (status !== 'online') this.#stepBack(agent, now);
    this.#floor.serve(agent, now);
  }

  /** Why this answer cannot be taken; `null` for one that can, also for one that came before. */
  objection({ commandId, agent, offer }: OfferAnswer): string | null {
    const isOpen = this.#commands.get(commandId) !== undefined || this.#ringing(agent)?.offer === offer;
    return isOpen ? null : `offer ${offer} is not open for ${agent} any more`;
  }

  /** `objection` was asked. A command that comes again changes nothing. */
  answer({ commandId, agent: id, answer }: OfferAnswer, now: number): void {
    const agent = this.#floor.agents.get(id);
    const entry = this.#ringing(id);
    if (this.#commands.get(commandId) || !agent || !entry) return;
    this.#commands.set(commandId, true);
    agent.misses = 0;
    if (answer === 'accept') this.#floor.take(entry, agent, now);
    else this.#withdraw(entry, 'declined', now);
  }

  /** Whatever is due at `now`. */
  tick(now: number): void {
    const { deadlines } = this.#floor;
    for (let due = deadlines.take(now); due; due = deadlines.take(now)) this.#due(due, now);
  }

  get nextDeadline(): number | null {
    return this.#floor.deadlines.next;
  }

  #due(due: Due, now: number): void {
    if (due.kind === 'positions') this.#positions.due();
    else if (due.kind === 'wrapUp') this.#notesWritten(this.#floor.agents.get(due.agent), now);
    else this.#waited(due, now);
  }

  #notesWritten(agent: Agent | undefined, now: number): void {
    if (agent?.status !== 'wrapUp' || agent.wrapUntil > now) return;
    agent.wrapUntil = 0;
    this.#become(agent, 'online');
    this.#floor.serve(agent, now);
  }

  #waited(due: Extract<Due, { conversationId: string }>, now: number): void {
    const entry = this.#floor.entries.get(due.conversationId);
    if (!entry) return;
    if (due.kind === 'ring') {
      if (entry.place === 'offered' && entry.offer === due.offer) this.#rangOut(entry, now);
    } else if (entry.seq !== due.seq) return;
    else if (due.kind === 'rest') {
      entry.refusals = entry.refusals.filter(({ until }) => until > now);
      if (entry.place === 'waiting') this.#floor.seek(entry, now);
    } else if (due.kind === 'relax') {
      if (entry.place === 'waiting') this.#floor.change(entry, { skills: [] }, now);
      else entry.skills = [];
    } else if (entry.place === 'waiting') this.#tooLong(entry, now);
  }

  /** Who lets offers ring out is not there: away, so that the next ones reach somebody at once. */
  #rangOut(entry: Entry, now: number): void {
    const agent = this.#floor.agents.get(entry.agent ?? '');
    if (agent && ++agent.misses >= this.#floor.policy.missesUntilAway) {
      agent.misses = 0;
      this.#become(agent, 'away');
      this.#stepBack(agent, now, 'rangOut');
    } else this.#withdraw(entry, 'rangOut', now);
  }

  /** What nobody is offered after that may have waited for too long, while it rang. */
  #withdraw(entry: Entry, why: 'rangOut' | 'declined' | 'left', now: number): void {
    this.#floor.withdraw(entry, why, now);
    if (entry.place === 'waiting') this.#tooLong(entry, now);
  }

  /** Gives a waiting entry up, or to another desk, once it has waited for that long. */
  #tooLong(entry: Entry, now: number): void {
    const { conversationId, term, overflowAt, giveUpAt } = entry;
    const { overflow, maxWait } = this.#floor.policy;
    if (maxWait && giveUpAt !== undefined && giveUpAt <= now)
      this.#outbox.want({ kind: 'giveUp', conversationId, term, as: maxWait.as, why: 'waited' });
    else if (overflow && overflowAt !== undefined && overflowAt <= now)
      this.#outbox.want({ kind: 'overflow', conversationId, term, desk: overflow.desk });
    else return;
    this.#forget(entry, now);
  }

  /** Whatever was meant for an agent who takes no more goes to others, and what they hold too when they are gone. */
  #stepBack(agent: Agent, now: number, why: 'rangOut' | 'left' = 'left'): void {
    const ringing = this.#ringing(agent.id);
    if (ringing) this.#withdraw(ringing, why, now);
    for (const entry of this.#floor.queue.wishesFor(agent.id)) this.#floor.change(entry, 'dropWish', now);
    if (agent.status !== 'offline') return;
    for (const entry of this.#floor.entries.values())
      if (entry.agent === agent.id && entry.place === 'held') this.#floor.giveBack(entry, now);
  }

  #become(agent: Agent, status: Agent['status']): void {
    agent.status = status;
    this.#outbox.want({ kind: 'status', agent: agent.id, status });
  }

  #forget(entry: Entry, now: number): void {
    this.#gone.set(entry.conversationId, entry.term);
    const agent = this.#floor.drop(entry, now);
    if (agent) this.#floor.serve(agent, now);
  }

  #ringing(agent: string): Entry | undefined {
    return this.#floor.entries.get(this.#floor.agents.get(agent)?.ringing ?? '');
  }

  #key(dueAt: number, priority: number): number {
    return dueAt - priority * this.#floor.policy.agingMs;
  }

  // ── what it wants done ─────────────────────────────────────────────────────────────────────────────────────────────

  get hasEffects(): boolean {
    return this.#outbox.hasUnsent;
  }

  /** What nobody has begun to do yet; it is carried over until it is settled. */
  takeEffects(now: number): DeskEffect[] {
    this.#positions.tell(this.#newcomers, this.#handleMs, now);
    this.#newcomers = [];
    return this.#outbox.take();
  }

  settle(done: EffectResult, now: number): void {
    const effect = this.#outbox.settle(done.id);
    if (effect?.kind !== 'take' && effect?.kind !== 'return') return;
    const entry = this.#floor.entries.get(effect.conversationId);
    if (!entry || entry.term !== effect.term) return;
    if (entry.place === 'taking' && done.result === 'taken') this.#floor.hold(entry, done.term, now);
    else if (done.result === 'left') this.#forget(entry, now);
  }

  get agents(): Iterable<Readonly<Agent>> {
    return this.#floor.agents.values();
  }

  get entries(): Iterable<Readonly<Entry>> {
    return this.#floor.entries.values();
  }

  /** 1 for who is next; 0 for who does not wait here. */
  position(conversationId: string): number {
    const entry = this.#floor.entries.get(conversationId);
    return entry ? this.#floor.queue.position(entry) : 0;
  }

  carry(): CarriedDesk {
    return {
      policy: this.#floor.policy,
      switch: this.#hours.switch,
      agents: [...this.#floor.agents.values()],
      entries: [...this.#floor.entries.values()],
      gone: this.#gone.entries(),
      commands: this.#commands.entries().map(([id]) => id),
      effects: this.#outbox.open,
      counts: { seq: this.#seq, offer: this.#floor.offers, effect: this.#outbox.count },
      handleMs: this.#handleMs,
      toldAt: this.#positions.toldAt,
    };
  }
}
