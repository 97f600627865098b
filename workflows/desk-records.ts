import type { AgentProfile, AgentStatus, DeskSwitch, Handoff } from '../contracts/desk.ts';
import type { DeskEffect, DeskPolicy } from '../contracts/desk-work.ts';

// What a desk keeps. All of it is plain data: it goes from run to run as JSON. Times are epoch milliseconds.

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

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
export type Wanted = WithoutId<DeskEffect>;

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
