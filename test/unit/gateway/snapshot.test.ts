import { expect, test } from '@jest/globals';
import type { Action } from '../../../contracts/actions.ts';
import type { Message } from '../../../contracts/events.ts';
import { type Known, snapshotOf } from '../../../gateway/snapshot.ts';

const nothing: Known = { messages: [], actions: [], standing: null, position: null };

const message = (turn: number, text: string): Message => ({
  id: `a:${turn}`,
  author: 'assistant',
  turn,
  text,
  at: new Date(0).toISOString(),
});

test('holds everything that fits', () => {
  const messages = Array.from({ length: 300 }, (_, turn) => message(turn, 'x'.repeat(500)));
  expect(snapshotOf({ ...nothing, messages })).toEqual({ type: 'snapshot', messages, position: null });
});

test('holds the actions where there are some', () => {
  const action: Action = {
    ...{ id: '1.0', turn: 1, title: 'Refund', arguments: [], argumentsHash: '0'.repeat(64), state: 'done' },
  };
  expect(snapshotOf({ ...nothing, actions: [action] })).toEqual({
    type: 'snapshot',
    messages: [],
    actions: [action],
    position: null,
  });
});

test('of a conversation that is too long, the newest messages, and says so', () => {
  const messages = Array.from({ length: 100 }, (_, turn) => message(turn, '\u0001'.repeat(4_000)));
  const snapshot = snapshotOf({ ...nothing, messages });
  expect(snapshot).toMatchObject({ type: 'snapshot', earlier: true });
  expect(Buffer.byteLength(JSON.stringify(snapshot))).toBeLessThan(520 * 1024);
  const kept = 'messages' in snapshot ? snapshot.messages : [];
  expect(kept.length).toBeGreaterThan(10);
  expect(kept).toEqual(messages.slice(-kept.length));
});

test('says whose it is where that is not the assistant, and what else stands', () => {
  const at = new Date(0).toISOString();
  const waiting = { owner: 'waiting' as const, term: 1, at };
  const queue = { position: 2, expectedMs: null };
  expect(snapshotOf({ ...nothing, standing: { owner: 'waiting', term: 1, owners: [waiting], queue } })).toEqual({
    ...{ type: 'snapshot', messages: [], position: null, owners: [waiting], queue },
    owner: { owner: 'waiting', term: 1 },
  });
  const ended = { owner: 'assistant' as const, term: 0, owners: [], resolved: { rate: false }, rated: 4 };
  expect(snapshotOf({ ...nothing, standing: ended })).toEqual({
    ...{ type: 'snapshot', messages: [], position: null, resolved: { rate: false }, rated: 4 },
  });
});
