import { describe, expect, test } from '@jest/globals';
import type { DeskEvent, LoggedEvent, Message } from '../../contracts/events.ts';
import { answerTo, applyEvents, applySnapshot, emptyView, isThinking } from '../../web/conversation-view.ts';

const at = '2026-01-05T09:00:00.000Z';
const question: Message = { id: 'c:question-1', author: 'customer', turn: 1, text: 'Where is it?', at };
const answer: Message = { id: 'a:1', author: 'assistant', turn: 1, text: 'On its way.', at, end: 'final' };

const logged = (events: DeskEvent[], from = 1, generation = 'generation-1'): LoggedEvent[] =>
  events.map((event, n) => ({ id: `${generation}/${from + n}`, at, position: { generation, seq: from + n }, event }));

const asked: DeskEvent = { type: 'message.added', message: question };
const started = (attempt: number): DeskEvent => ({ type: 'reply.started', turn: 1, attempt });
const delta = (attempt: number, offset: number, text: string): DeskEvent => ({
  type: 'reply.delta',
  turn: 1,
  attempt,
  offset,
  text,
});
const ended = (attempt: number, length: number): DeskEvent => ({
  type: 'reply.ended',
  turn: 1,
  attempt,
  end: 'final',
  length,
});

const read = (...events: DeskEvent[]) => applyEvents(emptyView, logged(events));

test('a message that came too late for a turn moves behind its answer, to the turn that has it', () => {
  const late: Message = { id: 'c:question-2', author: 'customer', turn: 1, text: 'And when?', at };
  const { view } = read(
    ...[asked, started(1), delta(1, 0, answer.text), ended(1, 11)],
    ...[asked, { type: 'message.added', message: late } satisfies DeskEvent],
    { type: 'message.added', message: { ...late, turn: 2 } },
  );
  expect(view.messages).toEqual([question, answer, { ...late, turn: 2 }]);
});

describe('a reply', () => {
  test('keeps the text of the old attempt until the first delta of the new one replaces it', () => {
    const first = [asked, started(1), delta(1, 0, 'On its')];
    expect(read(...first, started(2)).view.reply).toEqual({ turn: 1, attempt: 1, text: 'On its' });
    expect(read(...first, started(2), delta(2, 0, 'It is')).view.reply).toEqual({
      turn: 1,
      attempt: 2,
      text: 'It is',
    });
  });

  test('ignores an attempt that was superseded, whatever it still says', () => {
    const { view, continuous } = read(asked, started(1), delta(2, 0, 'New'), delta(1, 0, 'Old'), ended(1, 3));
    expect(continuous).toBe(true);
    expect(view.reply).toEqual({ turn: 1, attempt: 2, text: 'New' });
  });

  test('becomes the message of its turn when it ends, with its sources', () => {
    const sources = [{ title: 'Shipping' }];
    const { view } = read(asked, started(1), delta(1, 0, answer.text), { ...ended(1, 11), sources } as DeskEvent);
    expect(view.messages).toEqual([question, { ...answer, sources }]);
    expect(view.reply).toBeNull();
    expect(answerTo(view, 'question-1')?.text).toBe(answer.text);
  });

  test('whose beginning was trimmed from the log is not shown, and its end asks for the transcript', () => {
    const middle = [asked, started(1), delta(1, 0, 'On'), delta(2, 2, 'its'), delta(2, 5, ' way.')];
    expect(read(...middle).continuous).toBe(true);
    expect(read(...middle).view.reply).toEqual({ turn: 1, attempt: 1, text: 'On' });
    expect(read(...middle, ended(2, 10)).continuous).toBe(false);
  });

  test.each<[string, DeskEvent[]]>([
    ['a delta beyond the end of what was said', [asked, delta(1, 0, 'On'), delta(1, 3, 'its')]],
    ['a delta before it', [asked, delta(1, 0, 'On'), delta(1, 1, 'its')]],
    ['an end with another length', [asked, delta(1, 0, 'On'), ended(1, 3)]],
    ['the end of an attempt that was not heard', [asked, delta(1, 0, 'On'), ended(2, 2)]],
  ])('breaks continuity: %s', (_, events) => {
    expect(read(...events).continuous).toBe(false);
  });
});

describe('a position', () => {
  const view = read(asked, started(1)).view;

  test('must follow the last one in the same generation', () => {
    expect(applyEvents(view, logged([delta(1, 0, 'On')], 3)).continuous).toBe(true);
    expect(applyEvents(view, logged([delta(1, 0, 'On')], 4)).continuous).toBe(false);
    expect(applyEvents(view, logged([delta(1, 0, 'On')], 3, 'generation-2')).continuous).toBe(false);
  });

  test('is passed over when it was seen, and breaks continuity when it comes again with another event', () => {
    expect(applyEvents(view, logged([asked, started(1)]))).toEqual({ view, continuous: true });
    const [other] = logged([started(2)], 1);
    expect(applyEvents(view, other ? [{ ...other, id: 'after-fail-over' }] : []).continuous).toBe(false);
  });

  test('starts at 1 where the snapshot knows no log', () => {
    const fresh = applySnapshot(emptyView, { messages: [question], position: null });
    expect(applyEvents(fresh, logged([started(1)], 1)).continuous).toBe(true);
    expect(applyEvents(fresh, logged([started(1)], 2)).continuous).toBe(false);
  });
});

test('messages stand in the order of turns, whenever they come', () => {
  const next: Message = { id: 'c:question-2', author: 'customer', turn: 2, text: 'And the other?', at };
  const { view } = read(asked, started(1), { type: 'message.added', message: next }, delta(1, 0, 'On'), ended(1, 2));
  expect(view.messages.map(({ id }) => id)).toEqual(['c:question-1', 'a:1', 'c:question-2']);
});

test('tools run until they end, the turn ends, or another turn begins', () => {
  const tool = { turn: 1, call: 1, name: 'find_order' };
  const running = read(asked, started(1), { type: 'tool.started', ...tool, title: 'Looking up your order' });
  expect(running.view.tools).toEqual([{ ...tool, title: 'Looking up your order', status: 'running' }]);
  const done = applyEvents(running.view, logged([{ type: 'tool.ended', ...tool, ok: false }], 4));
  expect(done.view.tools.map(({ status }) => status)).toEqual(['failed']);
  expect(applyEvents(running.view, logged([ended(1, 0)], 4)).view.tools).toEqual([]);
  expect(applyEvents(done.view, logged([{ type: 'reply.started', turn: 2, attempt: 1 }], 5)).view.tools).toEqual([]);
});

test('the assistant is thinking from the question to the first word, and not while a person has the conversation', () => {
  expect(isThinking(emptyView)).toBe(false);
  expect(isThinking(read(asked).view)).toBe(true);
  expect(isThinking(read(asked, started(1)).view)).toBe(true);
  expect(isThinking(read(asked, started(1), delta(1, 0, 'On')).view)).toBe(false);
  expect(isThinking(read(asked, started(1), delta(1, 0, 'On'), ended(1, 2)).view)).toBe(false);
  expect(isThinking(read(asked, { type: 'owner.changed', owner: 'agent', term: 1 }).view)).toBe(false);
  expect(isThinking(read(asked, { type: 'conversation.closed' }).view)).toBe(false);
});
