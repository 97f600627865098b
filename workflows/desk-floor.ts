import type { DeskEffect, DeskPolicy } from '../contracts/desk-work.ts';
import { Deadlines } from './deadlines.ts';
import type { DeskOutbox } from './desk-outbox.ts';
import { costOf, DeskQueue } from './desk-queue.ts';
import type { Agent, Entry } from './desk-records.ts';

/** What becomes due. `seq` names the entry's stay in the queue, and `offer` the ringing: what is over means nothing. */
export type Due =
  | { at: number; kind: 'ring'; conversationId: string; offer: number }
  | { at: number; kind: 'rest'; conversationId: string; seq: number; agent: string }
  | { at: number; kind: 'overflow' | 'giveUp' | 'relax'; conversationId: string; seq: number }
  | { at: number; kind: 'wrapUp'; agent: string }
  | { at: number; kind: 'positions' };

type Why = Extract<DeskEffect, { kind: 'withdraw' }>['why'];

/**
 * The people and the conversations between them: every way from one place to another, with load, queue and deadlines kept in
 * step.
 *
 * Invariant between calls: no waiting entry could be offered to a free agent. So a newcomer only looks for an agent, and an
 * agent who becomes free only looks at the queue.
 */
export class DeskFloor {
  readonly agents = new Map<string, Agent>();
  readonly entries = new Map<string, Entry>();
  readonly queue = new DeskQueue();
  readonly deadlines = new Deadlines<Due>();
  #outbox: DeskOutbox;
  #offers: number;
  policy: DeskPolicy;

  constructor(policy: DeskPolicy, outbox: DeskOutbox, offers: number) {
    this.policy = policy;
    this.#outbox = outbox;
    this.#offers = offers;
  }

  get offers(): number {
    return this.#offers;
  }

  /** Puts an entry where its `place` says, with all its deadlines. */
  put(entry: Entry): void {
    this.entries.set(entry.conversationId, entry);
    const { conversationId, seq, place, overflowAt, giveUpAt, relaxAt, offer, until } = entry;
    if (place === 'held' || place === 'returning') return;
    this.queue.join(entry);
    if (place === 'waiting') this.queue.open(entry);
    if (place === 'offered' && offer !== undefined && until !== undefined)
      this.deadlines.add({ at: until, kind: 'ring', conversationId, offer });
    if (overflowAt !== undefined) this.deadlines.add({ at: overflowAt, kind: 'overflow', conversationId, seq });
    if (giveUpAt !== undefined) this.deadlines.add({ at: giveUpAt, kind: 'giveUp', conversationId, seq });
    if (relaxAt !== undefined) this.deadlines.add({ at: relaxAt, kind: 'relax', conversationId, seq });
    for (const { agent, until } of entry.refusals)
      this.deadlines.add({ at: until, kind: 'rest', conversationId, seq, agent });
  }

  /** Looks for somebody to offer a waiting entry to. */
  seek(entry: Entry, now: number): void {
    const agent = DeskQueue.agentFor(entry, this.agents.values());
    if (agent) this.#offer(entry, agent, now);
  }

  /** Looks for something to offer to an agent. */
  serve(agent: Agent, now: number): void {
    const entry = this.queue.bestFor(agent);
    if (entry) this.#offer(entry, agent, now);
  }

  #offer(entry: Entry, agent: Agent, now: number): void {
    const { conversationId, term, reason } = entry;
    this.queue.close(entry);
    const offer = ++this.#offers;
    const until = now + this.policy.ringMs;
    const cost = costOf(entry, agent);
    Object.assign(entry, { place: 'offered', agent: agent.id, cost, offer, until } satisfies Partial<Entry>);
    agent.ringing = conversationId;
    agent.load += cost;
    this.deadlines.add({ at: until, kind: 'ring', conversationId, offer });
    this.#outbox.want({ kind: 'offer', agent: agent.id, offer, conversationId, term, reason, until });
  }

  /** Takes an offer back. The agent rests from this entry, and the entry looks further. */
  withdraw(entry: Entry, why: Why, now: number): void {
    const { conversationId, seq, offer = 0 } = entry;
    const agent = this.release(entry, now);
    if (agent) this.#outbox.want({ kind: 'withdraw', agent: agent.id, offer, why });
    if (agent && why !== 'left') {
      const until = now + this.policy.restMs;
      entry.refusals.push({ agent: agent.id, until });
      this.deadlines.add({ at: until, kind: 'rest', conversationId, seq, agent: agent.id });
    }
    entry.place = 'waiting';
    if (entry.wish === agent?.id) delete entry.wish;
    this.queue.open(entry);
    this.seek(entry, now);
    if (agent) this.serve(agent, now);
  }

  /** The agent took it: it rings no more, and the conversation is to be told. */
  take(entry: Entry, agent: Agent, now: number): void {
    const { conversationId, term, offer = 0 } = entry;
    delete agent.ringing;
    entry.place = 'taking';
    this.#outbox.want({ kind: 'withdraw', agent: agent.id, offer, why: 'accepted' });
    this.#outbox.want({ kind: 'take', conversationId, term, agent: agent.id, name: agent.name, offer });
    this.serve(agent, now);
  }

  /** The conversation is the agent's. One who vanished meanwhile gives it back at once. */
  hold(entry: Entry, term: number, now: number): void {
    this.queue.leave(entry);
    Object.assign(entry, { place: 'held', term, since: now } satisfies Partial<Entry>);
    const agent = this.agents.get(entry.agent ?? '');
    if (!agent || agent.status === 'offline') this.giveBack(entry, now);
  }

  /** Asks the conversation to queue again, since its agent is gone. */
  giveBack(entry: Entry, now: number): void {
    const { conversationId, term, agent = '' } = entry;
    this.release(entry, now);
    entry.place = 'returning';
    this.#outbox.want({ kind: 'return', conversationId, term, agent });
  }

  /** The desk has no more to do with it. Its agent is returned: there may be something else for them. */
  drop(entry: Entry, now: number): Agent | undefined {
    const { place, offer = 0 } = entry;
    const agent = this.release(entry, now);
    if (agent && place === 'offered') this.#outbox.want({ kind: 'withdraw', agent: agent.id, offer, why: 'left' });
    this.queue.leave(entry);
    this.entries.delete(entry.conversationId);
    return agent;
  }

  /** Takes an entry off its agent, if it has one. */
  release(entry: Entry, now: number): Agent | undefined {
    const agent = this.agents.get(entry.agent ?? '');
    delete entry.agent;
    delete entry.offer;
    delete entry.until;
    delete entry.since;
    if (!agent) return undefined;
    agent.load -= entry.cost ?? 0;
    delete entry.cost;
    if (agent.ringing === entry.conversationId) delete agent.ringing;
    if (agent.load === 0) agent.freeSince = now;
    return agent;
  }

  /** Changes what decides the place of a waiting entry in the line, or its lane, and looks anew. */
  change(
    entry: Entry,
    change: Partial<Pick<Entry, 'key' | 'priority' | 'skills' | 'wish'>> | 'dropWish',
    now: number,
  ): void {
    this.queue.leave(entry);
    if (change === 'dropWish') delete entry.wish;
    else Object.assign(entry, change);
    this.queue.join(entry);
    this.queue.open(entry);
    this.seek(entry, now);
  }
}
