import type { Action } from '../../contracts/actions.ts';
import type { Approval, Note, ConversationView as Shown } from '../../contracts/console.ts';
import type { Message } from '../../contracts/events.ts';
import type { ConversationView, ToolRun } from '../conversation-view.ts';
import type { OutgoingMessage } from '../memory.ts';
import { wordsOf } from './argument-form.ts';

export type ToolLine = { key: string; title: string; status: ToolRun['status'] };

/** One line of the thread. `key` stays the same from the first streamed word to the transcript. */
export type Item =
  | { kind: 'message'; key: string; message: Message; isStreaming: boolean }
  | { kind: 'pending'; key: string; outgoing: OutgoingMessage }
  | { kind: 'tools'; key: string; tools: ToolLine[] }
  | { kind: 'action'; key: string; action: Action; approval: Approval | null }
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'handoff'; key: string; reason: string; desk: string; at: string };

type Placed = { item: Item; turn: number; at: string };

/** The thread, top to bottom: what was said, what the assistant did for it, and what agents told each other. */
export const thread = (
  view: ConversationView,
  { handoff, notes, approvals }: Pick<Shown, 'handoff' | 'notes' | 'approvals'>,
  outbox: readonly OutgoingMessage[],
): Item[] => {
  const said = spoken(view);
  const done = [...toolLines(view, handoff), ...actionLines(view, approvals)];
  for (const line of done) insert(said, line, ({ turn, item }) => turn > line.turn || isAnswer(item, line.turn));
  const asides: Placed[] = notes.map((note) => ({
    item: { kind: 'note', key: `note:${note.id}`, note },
    turn: 0,
    at: note.at,
  }));
  if (handoff) {
    const { desk, at, context } = handoff;
    asides.push({ item: { kind: 'handoff', key: 'handoff', reason: context.reason, desk, at }, turn: 0, at });
  }
  for (const aside of asides.sort((a, b) => (a.at < b.at ? -1 : 1))) insert(said, aside, ({ at }) => at > aside.at);
  const pending = outbox.map((outgoing): Item => ({ kind: 'pending', key: `g:${outgoing.clientMessageId}`, outgoing }));
  return [...said.map(({ item }) => item), ...pending];
};

const isAnswer = (item: Item, turn: number): boolean =>
  item.kind === 'message' && item.message.author === 'assistant' && item.message.turn === turn;

const insert = (all: Placed[], one: Placed, before: (other: Placed) => boolean): void => {
  const place = all.findIndex(before);
  const at = place < 0 ? all.length : place;
  all.splice(at, 0, { ...one, at: one.at || (all[at - 1]?.at ?? '') });
};

const spoken = ({ messages, reply }: ConversationView): Placed[] => {
  const all = messages
    .filter(({ text }) => text !== '')
    .map(
      (message): Placed => ({
        item: { kind: 'message', key: message.id, message, isStreaming: false },
        turn: message.turn,
        at: message.at,
      }),
    );
  if (!reply?.text) return all;
  const { turn, text } = reply;
  const at = messages.findLast((message) => message.turn <= turn)?.at ?? '';
  const message: Message = { id: `a:${turn}`, author: 'assistant', turn, text, at };
  const streaming: Placed = { item: { kind: 'message', key: message.id, message, isStreaming: true }, turn, at };
  const next = all.findIndex((other) => other.turn > turn);
  all.splice(next < 0 ? all.length : next, 0, streaming);
  return all;
};

/** What is known from the handoff, and what runs at this moment, which names the tool in words. */
const toolLines = ({ tools }: ConversationView, handoff: Shown['handoff']): Placed[] => {
  const byTurn = new Map<number, Map<number, ToolLine>>();
  const put = (turn: number, call: number, line: Omit<ToolLine, 'key'>): void => {
    const ofTurn = byTurn.get(turn) ?? new Map<number, ToolLine>();
    byTurn.set(turn, ofTurn.set(call, { key: `${turn}.${call}`, ...line }));
  };
  for (const { turn, call, name, ok } of handoff?.context.toolCalls ?? []) {
    put(turn, call, { title: wordsOf(name), status: ok === null ? 'running' : ok ? 'done' : 'failed' });
  }
  for (const { turn, call, title, status } of tools) put(turn, call, { title, status });
  return [...byTurn].map(([turn, lines]) => ({
    item: { kind: 'tools', key: `tools:${turn}`, tools: [...lines.values()] },
    turn,
    at: '',
  }));
};

const actionLines = ({ actions }: ConversationView, approvals: readonly Approval[]): Placed[] =>
  actions.map((action) => {
    const approval = approvals.find(({ id }) => id === action.id) ?? null;
    // After a change of the arguments the approval is newer than the event that the action came with.
    const shown = approval && approval.argumentsHash !== action.argumentsHash ? { ...action, ...approval } : action;
    return { item: { kind: 'action', key: `action:${action.id}`, action: shown, approval }, turn: action.turn, at: '' };
  });
