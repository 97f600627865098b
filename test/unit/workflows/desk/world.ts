import type { AgentProfile, Handoff } from '../../../../contracts/desk.ts';
import type { DeskEffect, DeskPolicy } from '../../../../contracts/desk-work.ts';
import { DeskState } from '../../../../workflows/desk-state.ts';
import { handoffOf } from './building.ts';

/** As its own workflow knows it. `told`: whether the desk has heard of this term. */
type Conversation = { id: string; term: number; owner: 'assistant' | 'waiting' | string; told: boolean };

/**
 * A desk with conversations and people around it, each of which takes its time: effects lie about until they are carried out,
 * in any order, perhaps twice, perhaps in the next run.
 */
export class World {
  desk: DeskState;
  now = 0;
  readonly conversations = new Map<string, Conversation>();
  #effects: DeskEffect[] = [];
  #seq = 0;
  #commands = 0;

  constructor(policy: DeskPolicy) {
    this.desk = DeskState.opened(policy);
  }

  pass(ms: number): void {
    this.now += ms;
    this.desk.tick(this.now);
  }

  handOff(id: string, wants: Partial<Handoff>): void {
    const conversation = this.conversations.get(id) ?? { id, term: 0, owner: 'assistant', told: false };
    this.conversations.set(id, conversation);
    if (conversation.owner === 'waiting' && conversation.told) return;
    conversation.term += 1;
    conversation.owner = 'waiting';
    conversation.told = true;
    this.desk.handOff(handoffOf(id, { at: this.now, ...wants, term: conversation.term }), this.now);
  }

  leave(id: string, how: 'resolved' | 'givenBack'): void {
    const conversation = this.conversations.get(id);
    if (!conversation || conversation.owner === 'assistant') return;
    conversation.term += 1;
    conversation.owner = 'assistant';
    this.desk.left({ conversationId: id, term: conversation.term, how }, this.now);
  }

  /** A supervisor sends whoever waits to one person. */
  direct(id: string, agent: string): void {
    const term = this.conversations.get(id)?.term ?? 1;
    this.desk.direct({ conversationId: id, term, agent }, this.now);
  }

  become(agent: AgentProfile, status: 'online' | 'busy' | 'away' | 'offline'): void {
    this.desk.agentChanged({ agent, status, seq: ++this.#seq }, this.now);
  }

  answer(agentId: string, answer: 'accept' | 'decline'): boolean {
    const agent = [...this.desk.agents].find(({ id }) => id === agentId);
    const entry = [...this.desk.entries].find(({ conversationId }) => conversationId === agent?.ringing);
    if (!entry?.offer) return false;
    const command = { commandId: `command-${++this.#commands}`, agent: agentId, offer: entry.offer, answer };
    if (this.desk.objection(command) !== null) throw new Error('an open offer was refused');
    this.desk.answer(command, this.now);
    this.desk.answer(command, this.now);
    return true;
  }

  /** Another run: everything unsettled is wanted again, whether it was carried out or not. */
  restart(): void {
    this.desk = new DeskState(JSON.parse(JSON.stringify(this.desk.carry())));
    this.#effects = [];
  }

  /** What is to be done and lies about. */
  pending(): DeskEffect[] {
    this.#effects.push(...this.desk.takeEffects(this.now));
    return this.#effects;
  }

  /** Carries one effect out, as conversations do; `isHeard`: the desk hears how it went. */
  carryOut(index: number, isHeard: boolean): void {
    const pending = this.pending();
    const effect = pending[index % Math.max(pending.length, 1)];
    if (!effect) return;
    const conversation = 'conversationId' in effect ? this.conversations.get(effect.conversationId) : undefined;
    const isCurrent = conversation?.owner === 'waiting' && 'term' in effect && conversation.term === effect.term;
    let result: { id: number; result: 'done' | 'left' } | { id: number; result: 'taken'; term: number } = {
      id: effect.id,
      result: 'done',
    };
    if (effect.kind === 'take' && conversation) {
      if (isCurrent) Object.assign(conversation, { owner: effect.agent, term: effect.term + 1 });
      const isTheirs = conversation.owner === effect.agent && conversation.term === effect.term + 1;
      result = isTheirs
        ? { id: effect.id, result: 'taken', term: conversation.term }
        : { id: effect.id, result: 'left' };
    } else if (effect.kind === 'return' && conversation) {
      const isTheirs = conversation.owner === effect.agent && conversation.term === effect.term;
      if (isTheirs) Object.assign(conversation, { owner: 'waiting', term: effect.term + 1, told: false });
      else result = { id: effect.id, result: 'left' };
    } else if ((effect.kind === 'giveUp' || effect.kind === 'overflow') && isCurrent && conversation)
      Object.assign(conversation, { owner: 'assistant', term: conversation.term + 1 });
    if (!isHeard) return;
    this.#effects = pending.filter((other) => other !== effect);
    this.desk.settle(result, this.now);
    if (conversation?.owner === 'waiting' && !conversation.told) this.#queueAgain(conversation);
  }

  #queueAgain(conversation: Conversation): void {
    conversation.told = true;
    this.desk.handOff(handoffOf(conversation.id, { at: this.now, term: conversation.term }), this.now);
  }

  /** Conversations that want a person and that the desk neither has nor is about to let go. */
  lost(): string[] {
    const entries = new Map([...this.desk.entries].map((entry) => [entry.conversationId, entry]));
    const letGo = new Set(
      this.pending().flatMap((effect) =>
        effect.kind === 'giveUp' || effect.kind === 'overflow' ? [`${effect.conversationId} ${effect.term}`] : [],
      ),
    );
    return [...this.conversations.values()].flatMap(({ id, term, owner }) => {
      if (owner === 'assistant' || letGo.has(`${id} ${term}`)) return [];
      const entry = entries.get(id);
      if (!entry) return [`${id} wants a person and the desk does not know`];
      const isTheirs = owner === 'waiting' || entry.agent === owner || entry.place === 'returning';
      return isTheirs ? [] : [`${id} belongs to ${owner} and the desk says ${entry.place} by ${entry.agent}`];
    });
  }
}
