import { describe, expect, test } from '@jest/globals';
import type { DeskEvent, LoggedEvent, Message } from '../../contracts/events.ts';
import {
  applyEvents,
  applySnapshot,
  asksForRating,
  emptyView,
  isThinking,
  termOf,
} from '../../web/conversation-view.ts';
import { noticesOf } from '../../web/customer/notices.ts';
import { timeline } from '../../web/customer/timeline.ts';

const time = (minute: number): string => `2026-01-05T09:${String(minute).padStart(2, '0')}:00.000Z`;
/** Each a minute after the one before. */
const logged = (events: DeskEvent[], from = 1): LoggedEvent[] =>
  events.map((event, n) => ({
    ...{ id: `e${from + n}`, at: time(from + n), event },
    position: { generation: 'generation-1', seq: from + n },
  }));
const read = (...events: DeskEvent[]) => applyEvents(emptyView, logged(events)).view;

const changed = (owner: 'assistant' | 'waiting' | 'agent', term: number, by?: string): DeskEvent => ({
  ...{ type: 'owner.changed', owner, term },
  ...(by !== undefined && { by }),
});
const queue = (position: number, expectedMs: number | null): DeskEvent => ({
  type: 'queue.changed',
  position,
  expectedMs,
});
const said = (author: Message['author'], turn: number): DeskEvent => ({
  type: 'message.added',
  message: {
    id: `${author === 'agent' ? 'g' : 'c'}:message-${turn}`,
    author,
    turn,
    text: `text ${turn}`,
    at: time(turn),
  },
});
const resolved: DeskEvent = { type: 'conversation.resolved', by: 'agent', rate: true };

describe('whose it is', () => {
  test('changes with the term, and a change that is told again changes nothing', () => {
    const view = read(
      changed('waiting', 1),
      changed('agent', 2, 'Ann'),
      changed('waiting', 1),
      changed('agent', 2, 'Bob'),
    );
    expect([view.owner, view.by, termOf(view)]).toEqual(['agent', 'Ann', 2]);
    expect(view.owners).toEqual([
      { owner: 'waiting', term: 1, at: time(1) },
      { owner: 'agent', term: 2, by: 'Ann', at: time(2) },
    ]);
  });

  test('is what the snapshot says, whatever older event follows it', () => {
    const owners = [{ owner: 'waiting' as const, term: 1, at: time(0) }];
    const snapshot = applySnapshot(read(changed('agent', 7, 'Old')), {
      ...{ messages: [], position: { generation: 'generation-1', seq: 0 }, owners },
      ...{ owner: { owner: 'waiting', term: 1 }, queue: { position: 2, expectedMs: 60_000 } },
    });
    expect(snapshot).toMatchObject({ owner: 'waiting', by: null, queue: { position: 2, expectedMs: 60_000 } });
    const { view } = applyEvents(snapshot, logged([changed('waiting', 1), queue(1, null)]));
    expect(view).toMatchObject({ owner: 'waiting', owners, queue: { position: 1, expectedMs: null } });
    expect(applySnapshot(view, { messages: [], position: null })).toMatchObject({ owner: 'assistant', queue: null });
  });
});

test('a place in the line lasts as long as the wait, and is none of anybody who does not wait', () => {
  expect(read(queue(3, null)).queue).toBeNull();
  const waiting = read(changed('waiting', 1), queue(3, 180_000));
  expect(waiting.queue).toEqual({ position: 3, expectedMs: 180_000 });
  expect(applyEvents(waiting, logged([changed('agent', 2, 'Ann')], 3)).view.queue).toBeNull();
});

test('an agent types until they say something or leave; nobody types who does not have the conversation', () => {
  const typing: DeskEvent = { type: 'agent.typing', by: 'Ann' };
  expect(read(typing).typing).toBeNull();
  const view = read(changed('agent', 1, 'Ann'), typing);
  expect(view.typing).toBe('Ann');
  expect(applyEvents(view, logged([said('customer', 1)], 3)).view.typing).toBe('Ann');
  for (const event of [said('agent', 1), changed('assistant', 2), resolved])
    expect(applyEvents(view, logged([event], 3)).view.typing).toBeNull();
});

describe('the end', () => {
  test('asks how it was until that is answered, or the customer goes on', () => {
    const view = read(said('customer', 1), resolved);
    expect([view.resolved?.rate, asksForRating(view)]).toEqual([true, true]);
    expect(asksForRating({ ...view, rated: 4 })).toBe(false);
    expect(applyEvents(view, logged([said('customer', 2)], 3)).view.resolved).toBeNull();
    expect(asksForRating(read({ ...resolved, rate: false }))).toBe(false);
  });

  test('stands after a snapshot too, also where what came before it is told again', () => {
    const snapshot = applySnapshot(emptyView, {
      ...{ messages: [], position: { generation: 'generation-1', seq: 0 }, resolved: { rate: true } },
    });
    expect(asksForRating(snapshot)).toBe(true);
    const again = applyEvents(snapshot, logged([said('customer', 1), resolved]));
    expect(asksForRating(again.view)).toBe(true);
    // The word of the end never reached the log: what the snapshot holds was said before it, and only more than that is news.
    const { messages } = read(said('customer', 1));
    const silent = applyEvents({ ...snapshot, messages }, logged([said('customer', 1)])).view;
    expect(asksForRating(silent)).toBe(true);
    expect(applyEvents(silent, logged([said('customer', 2)], 2)).view.resolved).toBeNull();
    // It went on after the end that the log begins with: the snapshot says so, and so does the message behind it.
    const on = applySnapshot(emptyView, { messages, position: { generation: 'generation-1', seq: 0 } });
    expect(applyEvents(on, logged([resolved, said('customer', 1)])).view.resolved).toBeNull();
    expect(
      asksForRating(
        applySnapshot(emptyView, { ...{ messages: [], position: null, rated: 2 }, resolved: { rate: true } }),
      ),
    ).toBe(false);
  });
});

test('while the customer waits the assistant is thinking only when it has begun to', () => {
  const waiting = read(changed('waiting', 1), said('customer', 2));
  expect(isThinking(waiting)).toBe(false);
  expect(isThinking(applyEvents(waiting, logged([{ type: 'reply.started', turn: 2, attempt: 1 }], 3)).view)).toBe(true);
});

describe('the thread', () => {
  const story = [
    ...[said('customer', 1), changed('waiting', 1), changed('agent', 2, 'Ann'), said('agent', 4)],
    ...[changed('waiting', 3), changed('agent', 4, 'Bob'), changed('assistant', 5), said('customer', 8)],
  ];

  test('says who came and went, where it happened', () => {
    expect(
      timeline(read(...story), []).map(({ key, notice, text }) =>
        notice ? `${notice.kind} ${notice.name}` : text || key,
      ),
    ).toEqual([...['text 1', 'joined Ann', 'text 4', 'left Ann', 'joined Bob', 'givenBack Bob', 'text 8']]);
  });

  test('is the same from a snapshot', () => {
    const live = read(...story);
    const { messages, owners } = live;
    expect(timeline(applySnapshot(emptyView, { messages, owners, position: null }), [])).toEqual(timeline(live, []));
  });

  test('ends with the word that it is finished, below everything, until the customer goes on', () => {
    const view = read(changed('agent', 1, 'Ann'), said('agent', 2), changed('assistant', 2), resolved);
    expect(noticesOf(view).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'joined Ann',
      'gone Ann',
      'resolved null',
    ]);
    const on = applyEvents(view, logged([said('customer', 5)], 5)).view;
    expect(noticesOf(on).map(({ kind }) => kind)).toEqual(['joined', 'givenBack']);
  });

  test('keeps what is being said below who came before it', () => {
    const streaming = read(said('customer', 1), changed('agent', 1, 'Ann'), changed('assistant', 2), {
      ...{ type: 'reply.delta', turn: 2, attempt: 1, offset: 0, text: 'Hello' },
    });
    expect(timeline(streaming, []).map(({ notice, text }) => notice?.kind ?? text)).toEqual([
      'text 1',
      'joined',
      'givenBack',
      'Hello',
    ]);
  });
});
