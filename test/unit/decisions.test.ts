import { beforeEach, expect, test } from '@jest/globals';
import type { Action } from '../../contracts/actions.ts';
import type { DeskEvent } from '../../contracts/events.ts';
import type { Decide } from '../../contracts/frames.ts';
import { applyEvents, applySnapshot, emptyView } from '../../web/conversation-view.ts';
import { createDecisions } from '../../web/decisions.ts';
import { createFakeClock } from '../doubles/fake-clock.ts';

const card = (id: string, state: Action['state'] = 'proposed'): Action => ({
  ...{ id, turn: Number(id.split('.')[0]), title: 'Refund', arguments: [], argumentsHash: 'a'.repeat(64), state },
});

let sent: Decide[];
let advance: (ms: number) => Promise<void>;
let decisions: ReturnType<typeof createDecisions>;
beforeEach(() => {
  const fake = createFakeClock();
  advance = fake.advance;
  sent = [];
  let made = 0;
  decisions = createDecisions({
    clock: fake.clock,
    newId: () => `command-${++made}`,
    transmit: (frame) => void sent.push(frame),
    changed: () => {},
  });
  decisions.goOnline();
});
const ids = () => sent.map(({ commandId }) => commandId);
const statuses = () => decisions.pressed().map(({ action, decision, status }) => [action, decision, status]);

test('a decision is sent once, and again under its own id after silence, a pause that was asked for, or a new link', async () => {
  decisions.decide(card('1.0'), 'confirm');
  expect(sent).toEqual([
    { type: 'decide', commandId: 'command-1', action: '1.0', argumentsHash: 'a'.repeat(64), decision: 'confirm' },
  ]);
  await advance(15_000);
  decisions.refused({ code: 'unavailable', commandId: 'command-1', retryAfterMs: 5_000 });
  await advance(4_999);
  expect(ids()).toEqual(['command-1', 'command-1']);
  await advance(15_000);
  decisions.goOffline();
  await advance(60_000);
  expect(ids()).toEqual(['command-1', 'command-1', 'command-1']);
  decisions.goOnline();
  expect(ids()).toHaveLength(4);
  decisions.decided({ commandId: 'command-1', decision: 'confirm' });
  await advance(60_000);
  expect(ids()).toHaveLength(4);
  expect(statuses()).toEqual([['1.0', 'confirm', 'counted']]);
});

test('a second press does nothing, and what counts is what the desk says', () => {
  decisions.decide(card('1.0'), 'confirm');
  decisions.decide(card('1.0'), 'cancel');
  expect(ids()).toEqual(['command-1']);
  decisions.decided({ commandId: 'command-1', decision: 'cancel' });
  expect(statuses()).toEqual([['1.0', 'cancel', 'counted']]);
});

test('what cannot be decided any more is said so, and not tried again', async () => {
  decisions.decide(card('1.0'), 'confirm');
  decisions.refused({ code: 'expired', commandId: 'command-1' });
  await advance(60_000);
  expect(ids()).toEqual(['command-1']);
  expect(statuses()).toEqual([['1.0', 'confirm', 'failed']]);
  decisions.forget();
  expect(statuses()).toEqual([]);
});

test('a view keeps what the snapshot told of an action, whatever older event comes again', () => {
  let seq = 0;
  const logged = (event: DeskEvent) => {
    seq += 1;
    const position = { generation: 'generation-1', seq };
    return { id: `e${seq}`, at: '2026-01-05T09:00:00.000Z', position, event };
  };
  const first = applyEvents(emptyView, [
    logged({ type: 'action.proposed', action: card('1.0') }),
    logged({ type: 'action.proposed', action: card('1.1') }),
    logged({ type: 'action.changed', action: card('1.0', 'awaiting_approval') }),
  ]);
  expect(first.view.actions.map(({ id, state }) => [id, state])).toEqual([
    ['1.0', 'awaiting_approval'],
    ['1.1', 'proposed'],
  ]);
  const position = { generation: 'generation-1', seq: 0 };
  const snapshot = applySnapshot(first.view, { messages: [], actions: [card('1.0', 'done')], position });
  expect(snapshot.actions.map(({ state }) => state)).toEqual(['done']);
  seq = 0;
  const again = applyEvents(snapshot, [
    logged({ type: 'action.proposed', action: card('1.0') }),
    logged({ type: 'action.changed', action: card('1.0', 'undone') }),
  ]);
  expect(again.view.actions.map(({ state }) => state)).toEqual(['undone']);
});
