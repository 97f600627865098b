import type { AgentMessage, CustomerMessage } from '../contracts/conversation.ts';
import { fingerprint } from '../contracts/fingerprint.ts';

export type CarriedInbox = {
  seen: [id: string, fingerprint: string][];
  messages: CustomerMessage[];
  spoken: AgentMessage[];
};

/** How many message ids are remembered; a resend comes within seconds, and Postgres refuses an older one. */
const REMEMBERED = 500;

/** What was said to a conversation and is not in a turn yet: each message once, in the order in which Temporal took them. */
export class Inbox {
  #seen: Map<string, string>;
  #messages: CustomerMessage[];
  #spoken: AgentMessage[];

  constructor({ seen, messages, spoken }: CarriedInbox = { seen: [], messages: [], spoken: [] }) {
    this.#seen = new Map(seen);
    this.#messages = [...messages];
    this.#spoken = [...spoken];
  }

  /** `known`: this id came before with this text; `conflict`: with another, and the first one counts. */
  receive(message: CustomerMessage): 'new' | 'known' | 'conflict' {
    const print = fingerprint(message.text);
    const before = this.#seen.get(message.clientMessageId);
    if (before !== undefined) return before === print ? 'known' : 'conflict';
    this.#remember(message.clientMessageId, print);
    this.#messages.push(message);
    return 'new';
  }

  /** An agent's message: the ids of these are their own. `false`: it came before. */
  hear(message: AgentMessage): boolean {
    const key = `g:${message.clientMessageId}`;
    if (this.#seen.has(key)) return false;
    this.#remember(key, '');
    this.#spoken.push(message);
    return true;
  }

  /**
   * Takes what is in Postgres already. Messages that came with the signal that started this run are here by now: those that an
   * earlier run answered leave. Those of the last turn stay when all of them are here.
   *
   * @returns whether that turn is to be taken again: its worker died in the middle of it, before Temporal knew anything of this run
   */
  adopt(seen: readonly [id: string, fingerprint: string][], latest: readonly string[]): boolean {
    const here = new Set(this.#messages.map(({ clientMessageId }) => clientMessageId));
    const again = latest.length > 0 && latest.every((id) => here.has(id));
    const answered = new Set(seen.map(([id]) => id).filter((id) => !again || !latest.includes(id)));
    this.#messages = this.#messages.filter(({ clientMessageId }) => !answered.has(clientMessageId));
    this.#seen = new Map([...this.#seen, ...seen]);
    return again;
  }

  /** What no turn has taken yet, oldest first. */
  get messages(): readonly CustomerMessage[] {
    return this.#messages;
  }

  get spoken(): readonly AgentMessage[] {
    return this.#spoken;
  }

  takeMessages(): CustomerMessage[] {
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  takeSpoken(): AgentMessage[] {
    const spoken = this.#spoken;
    this.#spoken = [];
    return spoken;
  }

  /** In front of those that wait: a reply was written before these came. */
  giveBack(messages: readonly CustomerMessage[]): void {
    this.#messages = [...messages, ...this.#messages];
  }

  /** Those that another turn has answered wait no longer. */
  drop(answered: readonly string[]): void {
    this.#messages = this.#messages.filter(({ clientMessageId }) => !answered.includes(clientMessageId));
  }

  #remember(id: string, print: string): void {
    this.#seen.set(id, print);
    if (this.#seen.size > REMEMBERED) this.#seen.delete(this.#seen.keys().next().value ?? '');
  }

  carry(): CarriedInbox {
    return { seen: [...this.#seen], messages: this.#messages, spoken: this.#spoken };
  }
}
