import type { ActionId } from '../contracts/actions.ts';
import type { CustomerMessage, TurnFence } from '../contracts/conversation.ts';
import type { Message, ReplyEnd } from '../contracts/events.ts';
import { type ConversationId, customerMessageId, type MessageId, type Subject } from '../contracts/ids.ts';

/** Everything an activity is told of a turn. `deadline` is epoch milliseconds: by then the turn must have ended. */
export type Turn = TurnFence & {
  conversationId: ConversationId;
  owner: Subject;
  /** The customer's, as their browser names it (`pt-BR`), where it does. */
  language?: string;
  messages: CustomerMessage[];
  /** 0 for the first model call of the turn, one more after each round of tool calls. */
  round: number;
  /** The calls of the round before, as they went. */
  called: ToolOutcome[];
  deadline: number;
  /** How long it may take in all. */
  turnMs: number;
  /** The model asked not to be asked again for so long, milliseconds from when the turn is queued. */
  pauseMs?: number;
  /** Actions whose cards changed since the turn was last opened: their ids, the rest is in the ledger. */
  changed: ActionId[];
  /** What could be taken back when the turn began. */
  undoable: ActionId[];
  /** A person is on the way; the assistant answers meanwhile. */
  waits?: true;
  /** The rule that brought nobody the last time: it is not asked again in this conversation. */
  gaveUpOn?: string;
};

export type ToolOutcome = { call: number; name: string; ok: boolean };

/** How `reply` ended: a decision for the workflow, small enough for history, without a word of the conversation. */
export type TurnOutcome =
  /**
   * `unanswered` are messages that came after the reply was written, when the turn was taken again: they want another.
   * `intent` is the playbook's name for what the customer wants, where it could be told; `groundless` says that nothing was found
   * to answer from. `instead` as in `goneTo`.
   */
  | { kind: 'ended'; end: ReplyEnd; unanswered?: string[]; instead?: string[]; intent?: string; groundless?: true }
  /** The model wants tools; what they are called with is in Postgres under conversation, turn and call. */
  | { kind: 'tools'; calls: { call: number; name: string }[] }
  /** A person is wanted; `reason` names the rule. `again`: somebody has told so before, perhaps a worker that is gone. */
  | { kind: 'handoff'; reason: string; intent?: string; again?: true }
  /** Another attempt, owner or log generation took over. Nothing of this one can be seen or stored any more. */
  | { kind: 'superseded' }
  /** Somebody stopped the reply; what was shown is still to be written down. */
  | { kind: 'halted' }
  | { kind: 'unavailable'; cause: 'model' | 'store' | 'stream'; retryAfterMs?: number };

/** The turn's messages that its reply, written before, does not answer; nothing where it answers all. */
export const left = (turn: Turn, answered: readonly string[]): { unanswered?: string[] } => {
  const unanswered = turn.messages
    .map(({ clientMessageId }) => clientMessageId)
    .filter((id) => !answered.includes(customerMessageId(id)));
  return unanswered.length > 0 ? { unanswered } : {};
};

/**
 * The client's ids of the messages of another turn that was written under this one's number, before its workflow task was run
 * again and something else came first; nothing where it is the same turn. Those have their reply, and this turn needs another
 * number.
 */
export const goneTo = (turn: Turn, answered: readonly MessageId[]): { instead?: string[] } => {
  const own = turn.messages.map(({ clientMessageId }) => clientMessageId);
  const instead = answered.map((id) => id.slice(customerMessageId('').length)).filter((id) => !own.includes(id));
  return instead.length > 0 ? { instead } : {};
};

/** The turn's customer messages as everyone sees them. */
export const said = (turn: Pick<Turn, 'turn' | 'messages'>): Message[] =>
  turn.messages.map(({ clientMessageId, text, at }) => ({
    id: customerMessageId(clientMessageId),
    author: 'customer',
    turn: turn.turn,
    text,
    at,
  }));
