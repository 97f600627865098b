import type { Span } from './business-time.ts';
import type { AgentStatus, GiveUpAs } from './desk.ts';

// What passes between a desk's workflow and its activities. Times are epoch milliseconds.

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

/** How an effect went. `left`: the conversation waits no more, or in another term. */
export type EffectResult = { id: number; result: 'done' | 'left' } | { id: number; result: 'taken'; term: number };
