import type { Opening, Policy } from '../activities/opening.ts';
import type { Sentence } from '../activities/telling.ts';
import type { Turn } from '../activities/turn.ts';
import type { ActionId } from '../contracts/actions.ts';
import type { ConversationStart, CustomerMessage } from '../contracts/conversation.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import { type CarriedActions, OpenActions } from './open-actions.ts';

/** A turn that ended while Postgres was away, and the sentence it ended with. */
type Unrecorded = { turn: Turn; sentence: Sentence };

/** What one run hands to the next. */
export type Carried = {
  term: number;
  turn: number;
  seen: [clientMessageId: string, fingerprint: string][];
  inbox: CustomerMessage[];
  unrecorded: Unrecorded[];
  warned: boolean;
  policy: Policy;
  activeAt: number;
  actions: CarriedActions;
  intent?: string;
  shownIntent?: string;
};

/** How many message ids are remembered; a resend comes within seconds, and Postgres refuses an older one. */
const REMEMBERED = 500;

/**
 * All that a conversation knows, and the only place that changes it. Handlers call `receive`, the loop takes turns out.
 * Holds no text once a turn is recorded.
 */
export class ConversationState {
  readonly start: ConversationStart;
  readonly actions: OpenActions;
  #policy: Policy = { warnMs: 0, closeMs: 0, turnMs: 0 };
  #activeAt = 0;
  #warned = false;
  #term = 0;
  #turn = 0;
  #seen = new Map<string, string>();
  #inbox: CustomerMessage[] = [];
  #unrecorded = new Map<number, Unrecorded>();
  #intent: string | undefined;
  #shownIntent: string | undefined;

  constructor(start: ConversationStart, carried?: Carried) {
    this.start = start;
    this.actions = new OpenActions(carried?.actions);
    if (!carried) return;
    this.#policy = carried.policy;
    this.#activeAt = carried.activeAt;
    this.#warned = carried.warned;
    this.#term = carried.term;
    this.#turn = carried.turn;
    this.#seen = new Map(carried.seen);
    this.#inbox = [...carried.inbox];
    this.#unrecorded = new Map(carried.unrecorded.map((one) => [one.turn.turn, one]));
    this.#intent = carried.intent;
    this.#shownIntent = carried.shownIntent;
  }

  /**
   * Takes what is in Postgres already. Messages that came with the signal that started this run are in the inbox by now:
   * those that an earlier run answered leave it. Those of the last turn stay when all of them are in the inbox, and the turn is
   * taken again: its worker may have died in the middle of it, before Temporal knew anything of this run. If it has its reply,
   * that is shown once more and nothing is called.
   */
  adopt({ term, turn, seen, latest = [], policy, undoable = [] }: Omit<Opening, 'playbook'>, now: number): void {
    for (const [id, undoUntil] of undoable) this.actions.ended({ id, undoUntil });
    const inbox = new Set(this.#inbox.map(({ clientMessageId }) => clientMessageId));
    const again = latest.length > 0 && latest.every((id) => inbox.has(id));
    this.#policy = policy;
    this.#activeAt = now;
    this.#term = term;
    this.#turn = again ? turn - 1 : turn;
    const answered = new Set(seen.map(([id]) => id).filter((id) => !again || !latest.includes(id)));
    this.#inbox = this.#inbox.filter(({ clientMessageId }) => !answered.has(clientMessageId));
    this.#seen = new Map([...this.#seen, ...seen]);
  }

  /** `known`: this id came before with this text; `conflict`: with another, and the first one counts. */
  receive(message: CustomerMessage): 'new' | 'known' | 'conflict' {
    const print = fingerprint(message.text);
    const before = this.#seen.get(message.clientMessageId);
    if (before !== undefined) return before === print ? 'known' : 'conflict';
    this.#seen.set(message.clientMessageId, print);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.keys().next().value ?? '');
    this.#inbox.push(message);
    return 'new';
  }

  /** What no turn has taken yet, oldest first. */
  get waiting(): readonly CustomerMessage[] {
    return this.#inbox;
  }

  hasMessages(): boolean {
    return this.#inbox.length > 0;
  }

  hasWork(): boolean {
    return this.hasMessages() || this.actions.hasWork;
  }

  /** Everything that waits becomes one turn. `now` is epoch milliseconds. */
  beginTurn(now: number): Turn {
    this.#activeAt = now;
    this.#warned = false;
    const messages = this.#inbox;
    this.#inbox = [];
    return this.#nextTurn(messages, now + this.#policy.turnMs, this.actions.undoable(now));
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
    return { conversationId, owner, turn: this.#turn, term: this.#term, ...(language ? { language } : {}) };
  }

  /** Puts messages of a turn back in front of those that wait: its reply was written before they came. */
  giveBack(turn: Turn, clientMessageIds: readonly string[] = []): void {
    const returned = turn.messages.filter(({ clientMessageId }) => clientMessageIds.includes(clientMessageId));
    this.#inbox = [...returned, ...this.#inbox];
  }

  /** A turn of the assistant's own, in which it speaks of the silence. */
  beginWarning(): Turn {
    this.#warned = true;
    return this.#nextTurn([], 0);
  }

  #nextTurn(messages: CustomerMessage[], deadline: number, undoable: ActionId[] = []): Turn {
    this.#turn += 1;
    const { conversationId, owner, language } = this.start;
    const fence = { term: this.#term, turn: this.#turn };
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

  /** What the customer wants, where a turn could tell; a turn that could not changes nothing. */
  understood(intent: string | undefined): void {
    this.#intent = intent ?? this.#intent;
  }

  /** What the customer wants, unless operators see it already. */
  get unseenIntent(): string | undefined {
    return this.#intent === this.#shownIntent ? undefined : this.#intent;
  }

  get showsIntent(): boolean {
    return this.#shownIntent !== undefined;
  }

  intentShown(): void {
    this.#shownIntent = this.#intent;
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
      term: this.#term,
      turn: this.#turn,
      seen: [...this.#seen],
      inbox: this.#inbox,
      unrecorded: this.unrecorded,
      policy: this.#policy,
      activeAt: this.#activeAt,
      warned: this.#warned,
      actions: this.actions.carry(),
      ...(this.#intent === undefined ? {} : { intent: this.#intent }),
      ...(this.#shownIntent === undefined ? {} : { shownIntent: this.#shownIntent }),
    };
  }
}
