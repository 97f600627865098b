import type { Opening, Policy, TicketOccasion } from '../activities/opening.ts';
import type { Sentence } from '../activities/telling.ts';
import type { Turn } from '../activities/turn.ts';
import type { ActionId } from '../contracts/actions.ts';
import type { AgentMessage, ConversationStart, CustomerMessage, Outcome } from '../contracts/conversation.ts';
import { type CarriedHandoffSla, HandoffSla } from './handoff-sla.ts';
import { type CarriedInbox, Inbox } from './inbox.ts';
import { type CarriedIntent, KnownIntent } from './known-intent.ts';
import { type CarriedActions, OpenActions } from './open-actions.ts';
import { type CarriedOwnership, Ownership } from './ownership.ts';
import { type CarriedPatience, Patience, type Went } from './patience.ts';
import { type CarriedTickets, Tickets } from './tickets.ts';

/** A turn that ended while Postgres was away, and the sentence it ended with. */
type Unrecorded = { turn: Turn; sentence: Sentence };

/** What one run hands to the next. */
export type Carried = {
  ownership: CarriedOwnership;
  turn: number;
  inbox: CarriedInbox;
  open: Turn | null;
  patience: CarriedPatience;
  sla: CarriedHandoffSla | null;
  unrecorded: Unrecorded[];
  tickets: CarriedTickets;
  warned: boolean;
  policy: Policy;
  activeAt: number;
  actions: CarriedActions;
  intent: CarriedIntent;
};

/**
 * All that a conversation knows, and the only place that changes it. Handlers call `receive`, the loop takes turns out.
 * Holds no text once a turn is recorded.
 */
export class ConversationState {
  readonly start: ConversationStart;
  readonly actions: OpenActions;
  readonly ownership: Ownership;
  readonly sla: HandoffSla;
  readonly tickets: Tickets;
  readonly intent: KnownIntent;
  #policy: Policy = { warnMs: 0, closeMs: 0, turnMs: 0, talksWhileWaiting: false, ticketOn: [] };
  #activeAt = 0;
  #warned = false;
  #turn = 0;
  #inbox: Inbox;
  #open: Turn | null = null;
  #patience: Patience;
  #unrecorded = new Map<number, Unrecorded>();

  constructor(start: ConversationStart, carried?: Carried) {
    this.start = start;
    this.actions = new OpenActions(carried?.actions);
    this.ownership = new Ownership(carried?.ownership);
    this.sla = new HandoffSla(carried?.sla);
    this.tickets = new Tickets(carried?.tickets);
    this.intent = new KnownIntent(carried?.intent);
    this.#inbox = new Inbox(carried?.inbox);
    this.#patience = new Patience(carried?.patience);
    if (!carried) return;
    this.#policy = carried.policy;
    this.#activeAt = carried.activeAt;
    this.#warned = carried.warned;
    this.#turn = carried.turn;
    this.#open = carried.open;
    this.#unrecorded = new Map(carried.unrecorded.map((one) => [one.turn.turn, one]));
  }

  /** Takes what is in Postgres already; a turn whose worker died before Temporal knew of this run is taken again. */
  adopt({ term, turn, seen, latest = [], policy, undoable = [] }: Omit<Opening, 'playbook'>, now: number): void {
    for (const [id, undoUntil] of undoable) this.actions.ended({ id, undoUntil });
    this.#policy = policy;
    this.#activeAt = now;
    this.ownership.adopt(term);
    this.#turn = this.#inbox.adopt(seen, latest) ? turn - 1 : turn;
  }

  /** `known`: this id came before with this text; `conflict`: with another, and the first one counts. */
  receive(message: CustomerMessage): 'new' | 'known' | 'conflict' {
    return this.#inbox.receive(message);
  }

  /** An agent's message, to be passed on. `false`: it came before. */
  hear(message: AgentMessage): boolean {
    return this.#inbox.hear(message);
  }

  /** What an agent said, and what the customer said where no turn answers it, as a turn of its own without a reply. */
  beginRelay(now: number): { turn: Turn; spoken: AgentMessage[] } {
    const spoken = this.#inbox.takeSpoken();
    if (this.assistantAnswers) return { turn: this.#nextTurn([], 0), spoken };
    return { turn: this.beginTurn(now), spoken };
  }

  /** Whether what the customer says becomes a turn of the assistant's. */
  get assistantAnswers(): boolean {
    const { owner } = this.ownership;
    return owner === 'assistant' || (owner === 'waiting' && this.#policy.talksWhileWaiting);
  }

  hasRelay(): boolean {
    return this.#inbox.spoken.length > 0 || (this.hasMessages() && !this.assistantAnswers);
  }

  /** Whether the conversation has changed hands since this turn began: nothing of it may be said or done any more. */
  isOver(turn: Pick<Turn, 'term'>): boolean {
    return turn.term !== this.ownership.term;
  }

  /** A turn that the change of owner cut off, to be closed when that is told. */
  leaveOpen(turn: Turn): void {
    this.#open = turn;
  }

  get open(): Turn | null {
    return this.#open;
  }

  closed(): void {
    this.#open = null;
  }

  /** As many turns that do not help as the playbook bears, and a person is wanted. */
  ended(went: Went): void {
    const rule = this.#patience.ended(went, this.#policy);
    if (rule !== null) this.handOff(rule);
  }

  /** @param reason the rule of the playbook that wants a person. `false`: one is on the way, or was asked for in this very turn */
  handOff(reason: string): boolean {
    return this.ownership.handOff(reason, this.#turn);
  }

  /** How the conversation ends if nothing more is said: silence after an answer means that it was one. */
  get outcome(): Outcome {
    if (this.ownership.gaveUpAs === 'ticket') return 'ticketed';
    return this.#patience.last === 'well' ? 'assistant' : 'abandoned';
  }

  opensTicketOn(occasion: TicketOccasion): boolean {
    return this.#policy.ticketOn.includes(occasion);
  }

  /** The silence is counted anew from now: somebody else has spoken with the customer. */
  touch(now: number): void {
    this.#activeAt = now;
    this.#warned = false;
  }

  /** What no turn has taken yet, oldest first. */
  get waiting(): readonly CustomerMessage[] {
    return this.#inbox.messages;
  }

  hasMessages(): boolean {
    return this.waiting.length > 0;
  }

  hasWork(): boolean {
    const { messages, spoken } = this.#inbox;
    return messages.length > 0 || this.actions.hasWork || spoken.length > 0 || this.ownership.owed !== undefined;
  }

  /** Everything that waits becomes one turn. `now` is epoch milliseconds. */
  beginTurn(now: number): Turn {
    this.#activeAt = now;
    this.#warned = false;
    return this.#nextTurn(this.#inbox.takeMessages(), now + this.#policy.turnMs, this.actions.undoable(now));
  }

  /** A turn in which the customer hears what became of an action. Its call, with its result, is the first round. */
  beginAction(now: number, id: ActionId): Turn {
    this.#activeAt = now;
    this.#warned = false;
    return { ...this.#nextTurn([], now + this.#policy.turnMs, this.actions.undoable(now)), round: 1, changed: [id] };
  }

  /** An action waits for people, or for what their edit leads to. */
  get awaitsPeople(): boolean {
    return this.actions.waiting(0).people > 0;
  }

  /** As whom the gate is passed between turns. */
  caller() {
    const { conversationId, owner, language } = this.start;
    return { conversationId, owner, turn: this.#turn, term: this.ownership.term, ...(language ? { language } : {}) };
  }

  /** Puts messages of a turn back in front of those that wait: its reply was written before they came. */
  giveBack(turn: Turn, clientMessageIds: readonly string[] = []): void {
    this.#inbox.giveBack(turn.messages.filter(({ clientMessageId }) => clientMessageIds.includes(clientMessageId)));
  }

  /** A turn of the assistant's own, in which it speaks of the silence. */
  beginWarning(): Turn {
    this.#warned = true;
    return this.beginTelling();
  }

  /** A turn of its own for something that the customer is told; what they have said waits for the next one. */
  beginTelling(): Turn {
    return this.#nextTurn([], 0);
  }

  /** The turn under another number: its own went to a turn that has answered these messages (`instead` of an outcome). */
  beginAgain(turn: Turn, answered: readonly string[]): Turn {
    this.#inbox.drop(answered);
    this.#turn += 1;
    return { ...turn, turn: this.#turn };
  }

  #nextTurn(messages: CustomerMessage[], deadline: number, undoable: ActionId[] = []): Turn {
    this.#turn += 1;
    const { conversationId, owner, language } = this.start;
    const fence = { term: this.ownership.term, turn: this.#turn };
    const { owner: heldBy, gaveUpOn } = this.ownership;
    return {
      conversationId,
      owner,
      ...(language ? { language } : {}),
      ...fence,
      messages,
      round: 0,
      called: [],
      deadline,
      turnMs: this.#policy.turnMs,
      changed: [],
      undoable,
      ...(heldBy === 'waiting' ? { waits: true as const } : {}),
      ...(gaveUpOn === undefined ? {} : { gaveUpOn }),
    };
  }

  get warned(): boolean {
    return this.#warned;
  }

  /** Turns begun so far, in all runs. */
  get turns(): number {
    return this.#turn;
  }

  /** When the customer last said something that was taken into a turn; epoch milliseconds. */
  get activeAt(): number {
    return this.#activeAt;
  }

  /** When the silence is to be spoken of: first the warning, then the end. Epoch milliseconds. */
  get silenceEndsAt(): number {
    return this.#activeAt + (this.#warned ? this.#policy.closeMs : this.#policy.warnMs);
  }

  leaveUnrecorded(turn: Turn, sentence: Sentence): void {
    this.#unrecorded.set(turn.turn, { turn, sentence });
  }

  recorded(turn: Turn): void {
    this.#unrecorded.delete(turn.turn);
  }

  get unrecorded(): Unrecorded[] {
    return [...this.#unrecorded.values()];
  }

  carry(): Carried {
    return {
      ownership: this.ownership.carry(),
      turn: this.#turn,
      inbox: this.#inbox.carry(),
      open: this.#open,
      patience: this.#patience.carry(),
      sla: this.sla.carry(),
      unrecorded: this.unrecorded,
      tickets: this.tickets.carry(),
      policy: this.#policy,
      activeAt: this.#activeAt,
      warned: this.#warned,
      actions: this.actions.carry(),
      intent: this.intent.carry(),
    };
  }
}
