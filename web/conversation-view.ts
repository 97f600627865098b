import type { Action } from '../contracts/actions.ts';
import type { DeskEvent, LoggedEvent, Message, OwnerChange, Position } from '../contracts/events.ts';
import type { ServerFrame } from '../contracts/frames.ts';
import { nobodyElse, type OwnerView, ownerAfter, ownerOf } from './owner-view.ts';

export { asksForRating, termOf } from './owner-view.ts';

/** The reply in flight. `text` is what `attempt` has said so far: an attempt without a delta yet is not shown. */
export type RunningReply = { turn: number; attempt: number; text: string };

export type ToolRun = {
  turn: number;
  call: number;
  name: string;
  title: string;
  status: 'running' | 'done' | 'failed';
};

/** A conversation as its reader sees it: a pure fold over the snapshot and the events after it. */
export type ConversationView = OwnerView & {
  messages: readonly Message[];
  reply: RunningReply | null;
  /** Why an answer is not there yet, in the assistant's words; `null` once it comes. */
  notice: string | null;
  /** The tools of the turn that ran last, in the order of their start. */
  tools: readonly ToolRun[];
  /** What somebody had to agree to, or still has, in the order in which it was asked. */
  actions: readonly Action[];
  closed: boolean;
  /** Of the last event applied; `null` before the log exists. */
  position: Position | null;
  /** Ids of the last events applied, the newest last: an old position under a new id means that the log was lost. */
  recent: readonly string[];
};

/** `continuous: false`: something was missed after `view`, and only a snapshot can tell what. */
export type Applied = { view: ConversationView; continuous: boolean };

export const emptyView: ConversationView = {
  messages: [],
  reply: null,
  notice: null,
  tools: [],
  actions: [],
  ...nobodyElse,
  closed: false,
  position: null,
  recent: [],
};

/** A gateway delivers again what it sent in the last moments at most, and it sends up to 50 deltas a second. */
const RECENT = 256;

type SnapshotFrame = Extract<ServerFrame, { type: 'snapshot' }>;
type Snapshot = Omit<SnapshotFrame, 'type' | 'messages' | 'owners'> & {
  messages: readonly Message[];
  owners?: readonly OwnerChange[] | undefined;
};

/** The snapshot replaces what is shown. It does not tell whether the conversation is closed: that stays. */
export const applySnapshot = (view: ConversationView, snapshot: Snapshot): ConversationView => ({
  ...emptyView,
  ...ownerOf(snapshot),
  closed: view.closed,
  messages: snapshot.messages,
  actions: snapshot.actions ?? [],
  position: snapshot.position,
});

/** Applies events in order, up to the first that does not follow from what came before. Duplicates are passed over. */
export const applyEvents = (view: ConversationView, events: readonly LoggedEvent[]): Applied => {
  let current = view;
  for (const logged of events) {
    const next = applyOne(current, logged);
    if (!next) return { view: current, continuous: false };
    current = next;
  }
  return { view: current, continuous: true };
};

const applyOne = (view: ConversationView, logged: LoggedEvent): ConversationView | null => {
  const { generation, seq } = logged.position;
  if (view.position && view.position.generation !== generation) return null;
  const head = view.position?.seq ?? 0;
  if (seq <= head) {
    const known = view.recent.at(seq - head - 1);
    return known === undefined || known === logged.id ? view : null;
  }
  if (seq !== head + 1) return null;
  const next = reduce({ ...view, ...ownerAfter(view, logged.event, logged.at) }, logged.event, logged.at);
  return next && { ...next, position: logged.position, recent: [...view.recent.slice(1 - RECENT), logged.id] };
};

const reduce = (view: ConversationView, event: DeskEvent, at: string): ConversationView | null => {
  switch (event.type) {
    case 'message.added':
      return withMessage(view, event.message);
    case 'reply.started':
      return isPast(view, event.turn) ? view : withReply(view, event.turn, event.attempt);
    case 'reply.delayed':
      return isPast(view, event.turn) ? view : { ...view, notice: event.text };
    case 'reply.delta': {
      if (isPast(view, event.turn)) return view;
      const said = saidBy(view.reply, event);
      if (said === 'superseded') return view;
      const { turn, attempt } = event;
      const open = withReply(view, turn, attempt);
      // The beginning was trimmed from the log: nothing to show, and its end will ask for the transcript.
      if (said === '' && event.offset > 0) return open;
      if (said.length !== event.offset) return null;
      return { ...open, notice: null, reply: { turn, attempt, text: said + event.text } };
    }
    case 'reply.ended': {
      if (isPast(view, event.turn)) return view;
      const text = saidBy(view.reply, event);
      if (text === 'superseded') return view;
      if (text.length !== event.length) return null;
      const { turn, end, sources } = event;
      const message: Message = { id: `a:${turn}`, author: 'assistant', turn, text, at, end };
      return withMessage(view, sources ? { ...message, sources } : message);
    }
    case 'tool.started':
    case 'tool.ended':
      return isPast(view, event.turn) ? view : withTool(view, event);
    case 'action.proposed':
    case 'action.changed':
      return withAction(view, event.action);
    case 'conversation.closed':
      return { ...view, closed: true };
    default:
      return view;
  }
};

/** A turn whose reply is in the transcript, or that a later turn left behind: nothing of it can change what is shown. */
const isPast = (view: ConversationView, turn: number): boolean =>
  (view.reply !== null && turn < view.reply.turn) || view.messages.some(({ id }) => id === `a:${turn}`);

const saidBy = (reply: RunningReply | null, of: { turn: number; attempt: number }): string | 'superseded' => {
  if (reply?.turn !== of.turn || reply.attempt < of.attempt) return '';
  return reply.attempt > of.attempt ? 'superseded' : reply.text;
};

/** A new attempt shows nothing before its first delta, so that good text does not blank out. */
const withReply = (view: ConversationView, turn: number, attempt: number): ConversationView => ({
  ...view,
  reply: view.reply?.turn === turn ? view.reply : { turn, attempt, text: '' },
  tools: view.tools.filter((tool) => tool.turn === turn),
});

type ToolEvent = Extract<DeskEvent, { type: 'tool.started' | 'tool.ended' }>;

const withTool = (view: ConversationView, event: ToolEvent): ConversationView => {
  const ofTurn = view.tools.filter(({ turn }) => turn === event.turn);
  if (event.type === 'tool.started') {
    const { turn, call, name, title } = event;
    return {
      ...view,
      tools: [...ofTurn.filter((t) => t.call !== call), { turn, call, name, title, status: 'running' }],
    };
  }
  const status = event.ok ? 'done' : 'failed';
  return { ...view, tools: ofTurn.map((tool) => (tool.call === event.call ? { ...tool, status } : tool)) };
};

/** Ways that an action does not go back: an event that comes again after a snapshot is older than what the snapshot told. */
const stage = ({ state }: Action): number => ['proposed', 'awaiting_approval'].indexOf(state) + 1 || 3;

const withAction = (view: ConversationView, action: Action): ConversationView => {
  const known = view.actions.find(({ id }) => id === action.id);
  if (!known) return { ...view, actions: [...view.actions, action] };
  if (stage(known) > stage(action)) return view;
  return { ...view, actions: view.actions.map((one) => (one.id === action.id ? action : one)) };
};

const rank = ({ turn, author }: Message): number => turn * 2 + (author === 'assistant' ? 1 : 0);

/**
 * Messages stand in the order of their turns, the customer's before the answer. A known one is replaced where it stands, unless
 * its turn is another now: it came too late for the turn that it was first shown in.
 */
const withMessage = (view: ConversationView, message: Message): ConversationView => {
  const messages = view.messages.filter(({ id }) => id !== message.id);
  const known = view.messages.findIndex(({ id, turn }) => id === message.id && turn === message.turn);
  const after = messages.findIndex((other) => rank(other) > rank(message));
  const place = known >= 0 ? known : after;
  messages.splice(place < 0 ? messages.length : place, 0, message);
  if (message.author === 'customer') return { ...view, messages };
  const answered = view.reply !== null && view.reply.turn <= message.turn;
  const tools = view.tools.filter(({ turn, status }) => turn !== message.turn || status !== 'running');
  return { ...view, messages, notice: answered ? null : view.notice, reply: answered ? null : view.reply, tools };
};

/** The assistant's answer to a customer's message, once it is there; it may answer several messages at once. */
export const answerTo = (view: ConversationView, clientMessageId: string): Message | undefined => {
  const question = view.messages.find(({ id }) => id === `c:${clientMessageId}`);
  return question && view.messages.find(({ id }) => id === `a:${question.turn}`);
};

/**
 * Whether the assistant is expected to say something: it has been asked and has not said a word yet. While the customer waits for
 * a person it may answer or leave that to them, so there it counts from the start of a reply.
 */
export const isThinking = (view: ConversationView): boolean => {
  if (view.closed || view.owner === 'agent') return false;
  if (view.reply) return view.reply.text === '';
  if (view.owner === 'waiting') return false;
  return view.messages.at(-1)?.author === 'customer';
};
