import { expect, test } from '@jest/globals';
import type { Message } from '../../../contracts/events.ts';
import { thread } from '../../../web/console/thread.ts';
import { applySnapshot, emptyView } from '../../../web/conversation-view.ts';
import { sampleContext } from '../../doubles/console-samples.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 5, 9, 0, seconds)).toISOString();
const message = (id: string, turn: number, seconds: number): Message => ({
  ...{ id, turn, text: id, at: at(seconds) },
  author: id.startsWith('a') ? 'assistant' : id.startsWith('g') ? 'agent' : 'customer',
});
const messages = [
  message('c:question1', 1, 0),
  message('a:1', 1, 5),
  message('c:question2', 2, 10),
  message('a:2', 2, 15),
];
const nothing = { handoff: null, notes: [], approvals: [] };
const action = {
  ...{ id: '2.1', turn: 2, title: 'Refund', arguments: [], argumentsHash: 'a'.repeat(64) },
  state: 'awaiting_approval' as const,
};
const keys = (...args: Parameters<typeof thread>): string[] => thread(...args).map(({ key }) => key);

test('what the assistant did stands above its answer, notes and the handoff at their time, what is on its way last', () => {
  const view = applySnapshot(emptyView, { messages, actions: [action], position: null });
  const handoff = { desk: 'returns', term: 1, at: at(16), context: sampleContext() };
  const notes = [{ id: 'note-1', by: { id: 'jon', name: 'Jon' }, text: 'careful', at: at(7) }];
  const outbox = [{ clientMessageId: 'mine-1', text: 'Hi', at: at(20), conversation: 'c', status: 'pending' as const }];
  expect(keys(view, { ...nothing, handoff, notes }, outbox)).toEqual([
    ...['c:question1', 'tools:1', 'a:1', 'note:note-1', 'c:question2', 'action:2.1', 'a:2', 'handoff', 'g:mine-1'],
  ]);
});

test('a reply that streams has the key of the message that it becomes, and stands in its turn', () => {
  const view = { ...applySnapshot(emptyView, { messages: messages.slice(0, 1), position: null }) };
  const streaming = { ...view, reply: { turn: 1, attempt: 1, text: 'Your' } };
  expect(thread(streaming, nothing, []).at(-1)).toMatchObject({ key: 'a:1', isStreaming: true });
  const next = { ...streaming, messages: [...streaming.messages, message('c:question2', 2, 9)] };
  expect(keys(next, nothing, [])).toEqual(['c:question1', 'a:1', 'c:question2']);
});

test('a tool that runs now is named in words and replaces what the handoff knew of it', () => {
  const view = applySnapshot(emptyView, { messages, position: null });
  const tools = [{ turn: 1, call: 1, name: 'find_order', title: 'Looking for the order', status: 'running' as const }];
  const handoff = { desk: 'returns', term: 1, at: at(16), context: sampleContext() };
  const lines = thread({ ...view, tools }, { ...nothing, handoff }, []).find(({ kind }) => kind === 'tools');
  expect(lines).toMatchObject({
    tools: [
      { title: 'Looking for the order', status: 'running' },
      { title: 'Refund state', status: 'failed' },
    ],
  });
});

test('an approval with other arguments is shown with them, though the action’s event is older', () => {
  const view = applySnapshot(emptyView, { messages, actions: [action], position: null });
  const other = { ...action, argumentsHash: 'b'.repeat(64), arguments: [{ label: 'Amount', value: '5' }] };
  const approval = { ...other, rawArguments: '{"amount":5}', approvers: 1, approvedBy: [] };
  const shown = thread(view, { ...nothing, approvals: [approval] }, []).find(({ kind }) => kind === 'action');
  expect(shown).toMatchObject({ action: { arguments: [{ value: '5' }] }, approval });
});
