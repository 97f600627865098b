import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fingerprint } from '../../../contracts/fingerprint.ts';
import { ConversationState } from '../../../workflows/conversation-state.ts';

const start = { conversationId: 'cnv_x', owner: 'visitor:x', channel: 'web' as const };
const message = (id: string, text = id) => ({ clientMessageId: id, text, at: '2026-01-01T00:00:00.000Z' });
const opening = {
  term: 0,
  turn: 0,
  seen: [],
  policy: { warnMs: 600, closeMs: 1_000, turnMs: 60_000, talksWhileWaiting: true, ticketOn: [] },
};

const ids = (turn: { messages: { clientMessageId: string }[] }) => turn.messages.map((m) => m.clientMessageId);

test('messages that arrive during a turn are answered together in the next one', () => {
  const state = new ConversationState(start);
  state.adopt(opening, 0);
  state.receive(message('one'));
  expect(ids(state.beginTurn(5))).toEqual(['one']);
  state.receive(message('two'));
  state.receive(message('three'));
  const turn = state.beginTurn(6);
  expect(turn).toMatchObject({ turn: 2, term: 0, round: 0, deadline: 60_006 });
  expect(ids(turn)).toEqual(['two', 'three']);
  expect(state.hasWork()).toBe(false);
});

test('messages that a turn’s reply does not answer come back in front of those that wait', () => {
  const state = new ConversationState(start);
  state.adopt(opening, 0);
  for (const id of ['one', 'two', 'three']) state.receive(message(id));
  const turn = state.beginTurn(0);
  state.receive(message('four'));
  state.giveBack(turn, ['two', 'three']);
  state.giveBack(turn);
  expect(ids(state.beginTurn(0))).toEqual(['two', 'three', 'four']);
});

test('an id that comes again is known by its text and a conflict with another', () => {
  const state = new ConversationState(start);
  expect(state.receive(message('one', 'hello'))).toBe('new');
  expect(state.receive(message('one', 'hello'))).toBe('known');
  expect(state.receive(message('one', 'goodbye'))).toBe('conflict');
  expect(state.beginTurn(0).messages).toEqual([message('one', 'hello')]);
});

test('a message that an earlier run answered and that starts a new run by a resend is not answered again', () => {
  const state = new ConversationState(start);
  state.receive(message('old', 'text'));
  state.receive(message('new'));
  state.adopt({ ...opening, term: 2, turn: 7, seen: [['old', fingerprint('text')]] }, 0);
  const turn = state.beginTurn(0);
  expect(turn).toMatchObject({ term: 2, turn: 8 });
  expect(ids(turn)).toEqual(['new']);
  expect(state.receive(message('old', 'text'))).toBe('known');
});

test('the last turn is taken again, with what came meanwhile, when its messages are all of this run', () => {
  const state = new ConversationState(start);
  for (const id of ['one', 'two', 'three']) state.receive(message(id));
  const seen: [string, string][] = [
    ['zero', fingerprint('zero')],
    ['one', fingerprint('one')],
    ['two', fingerprint('two')],
  ];
  state.adopt({ ...opening, turn: 4, seen, latest: ['one', 'two'] }, 0);
  const turn = state.beginTurn(0);
  expect(turn.turn).toBe(4);
  expect(ids(turn)).toEqual(['one', 'two', 'three']);
  expect(state.receive(message('zero'))).toBe('known');
});

test('the last turn of an earlier run stays behind, even if one of its messages comes again', () => {
  const state = new ConversationState(start);
  for (const id of ['two', 'three']) state.receive(message(id));
  const seen: [string, string][] = [
    ['one', fingerprint('one')],
    ['two', fingerprint('two')],
  ];
  state.adopt({ ...opening, turn: 4, seen, latest: ['one', 'two'] }, 0);
  const turn = state.beginTurn(0);
  expect(turn.turn).toBe(5);
  expect(ids(turn)).toEqual(['three']);
});

test('silence is measured from the last turn, first to the warning, then to the end, and starts anew with the next', () => {
  const state = new ConversationState(start);
  state.adopt(opening, 100);
  expect(state.silenceEndsAt).toBe(700);
  state.receive(message('one'));
  state.beginTurn(200);
  expect(state.silenceEndsAt).toBe(800);
  expect(state.beginWarning()).toMatchObject({ turn: 2, messages: [] });
  expect(state.silenceEndsAt).toBe(1_200);
  const next = new ConversationState(start, JSON.parse(JSON.stringify(state.carry())));
  expect([next.warned, next.silenceEndsAt]).toEqual([true, 1_200]);
  next.receive(message('two'));
  next.beginTurn(900);
  expect([next.warned, next.silenceEndsAt]).toEqual([false, 1_500]);
});

test('any order of arrivals, resends, turns and continue-as-new gives every message to one turn, in order', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('arrive' as const), id: fc.integer({ min: 0, max: 30 }) }),
    fc.record({ kind: fc.constantFrom('turn' as const, 'continue' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      let state = new ConversationState(start);
      state.adopt(opening, 0);
      const arrived: string[] = [];
      const answered: string[] = [];
      for (const action of steps) {
        if (action.kind === 'arrive') {
          if (state.receive(message(`m${action.id}`)) === 'new') arrived.push(`m${action.id}`);
        } else if (action.kind === 'turn') {
          if (state.hasWork()) answered.push(...ids(state.beginTurn(0)));
        } else state = new ConversationState(start, JSON.parse(JSON.stringify(state.carry())));
      }
      if (state.hasWork()) answered.push(...ids(state.beginTurn(0)));
      expect(answered).toEqual(arrived);
      expect(new Set(arrived).size).toBe(arrived.length);
    }),
  );
});
