import type { Span } from '../contracts/business-time.ts';
import type { AgentProfile, AgentStatus, DeskSwitch, GiveUpAs, Handoff } from '../contracts/desk.ts';

// What a desk keeps and what it asks for. All of it is plain data: it goes from run to run as JSON. Times are epoch milliseconds.

/** What the playbook says of a desk. It is kept for the run, so that replay agrees. */
export type DeskPolicy = {
  /** An offer rings for so long. */
  ringMs: number;
  /** Who declined, or let an offer ring out, is not offered the same again before this. */
  restMs: number;
  /** Offers in a row that an agent lets ring out before they count as away. */
  missesUntilAway: number;
  /** No new offers after a conversation has ended, so that notes can be written; 0 for none. */
  wrapUpMs: number;
  /** Open time until a person should have taken it: the due time of the queue. */
  firstReplyMs: number;
  /** What one step of priority is worth. Whoever waits this much longer goes first, so nobody starves. */
  agingMs: number;
  /** Open time after which skills are asked for no more, only the language. */
  relaxMs: number;
  /** How long a person usually holds a conversation, until the desk has seen how long. */
  handleMs: number;
  overflow?: { afterMs: number; desk: string };
  maxWait?: { afterMs: number; as: GiveUpAs };
  /** What becomes of who comes while the desk is closed. */
  whenClosed: GiveUpAs | 'wait';
  /** Open hours of the weeks ahead; `null`: always open. */
  open: Span[] | null;
};

/**
 * Where a conversation stands with the desk. `taking`: accepted, and the conversation is being told. `returning`: its agent is
 * gone, and it has been asked to queue again.
 */
export type Place = 'waiting' | 'offered' | 'taking' | 'held' | 'returning';

export type Entry = Handoff & {
  place: Place;
  /** Due time less what its priority is worth: fixed while it waits, so the order of two never depends on the clock. */
  key: number;
  seq: number;
  dueAt: number;
  /** Whose offer, conversation or vanishing it is; absent while it waits. */
  agent?: string;
  /** What it takes of that agent's capacity. */
  cost?: number;
  offer?: number;
  /** When the offer rings out, and when the agent took it. */
  until?: number;
  since?: number;
  overflowAt?: number;
  giveUpAt?: number;
  relaxAt?: number;
  refusals: { agent: string; until: number }[];
  /** The position that the customer was told last. */
  told?: number;
};

export type Agent = AgentProfile & {
  status: AgentStatus;
  seq: number;
  /** Weight of everything offered to, taken or held by them. */
  load: number;
  /** The conversation whose offer rings; one at a time. */
  ringing?: string;
  misses: number;
  wrapUntil: number;
  /** Who has been free for longest goes first. */
  freeSince: number;
};

/** What is to be done outside; each is done at least once, and whoever it reaches tells a repetition by term or offer. */
export type DeskEffect = { id: number } & (
  | { kind: 'offer'; agent: string; offer: number; conversationId: string; term: number; reason: string; until: number }
  | { kind: 'withdraw'; agent: string; offer: number; why: 'rangOut' | 'declined' | 'accepted' | 'left' }
  | { kind: 'status'; agent: string; status: AgentStatus }
  | { kind: 'take'; conversationId: string; term: number; agent: string; name: string; offer: number }
  | { kind: 'return'; conversationId: string; term: number; agent: string }
  | { kind: 'giveUp'; conversationId: string; term: number; as: GiveUpAs; why: 'waited' | 'closed' }
  | { kind: 'overflow'; conversationId: string; term: number; desk: string }
  | { kind: 'position'; conversationId: string; term: number; position: number; expectedMs: number | null }
);

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type Wanted = WithoutId<DeskEffect>;

/** How an effect went. `left`: the conversation waits no more, or in another term. */
export type EffectResult = { id: number; result: 'done' | 'left' } | { id: number; result: 'taken'; term: number };

export type CarriedDesk = {
  policy: DeskPolicy;
  switch: DeskSwitch;
  agents: Agent[];
  entries: Entry[];
  gone: [conversationId: string, term: number][];
  commands: string[];
  effects: DeskEffect[];
  /** The last number given to an entry, an offer and an effect. */
  counts: { seq: number; offer: number; effect: number };
  handleMs: number;
  toldAt: number;
};
