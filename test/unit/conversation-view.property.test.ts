import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DeskEvent, LoggedEvent, Message, Position, ReplyEnd } from '../../contracts/events.ts';
import { applyEvents, applySnapshot, type ConversationView, emptyView } from '../../web/conversation-view.ts';

type Turn = { questions: string[]; attempts: string[][]; end: ReplyEnd; usesTool: boolean };
type Log = { events: LoggedEvent[]; turnStarts: number[]; said: Map<string, string> };

const at = '2026-01-05T09:00:00.000Z';
const generation = 'generation-1';
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const turn: fc.Arbitrary<Turn> = fc.record({
  questions: fc.array(text, { minLength: 1, maxLength: 3 }),
  attempts: fc.array(fc.array(text, { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
  end: fc.constantFrom('final', 'stopped', 'escalated', 'failed'),
  usesTool: fc.boolean(),
});

/** The log as the writing end would have made it; `turnStarts[n]` is the index of the first event of turn n + 1. */
const logOf = (turns: Turn[]): Log => {
  const log: Log = { events: [], turnStarts: [], said: new Map() };
  const append = (event: DeskEvent): void => {
    const seq = log.events.length + 1;
    log.events.push({ id: `e${seq}`, at, position: { generation, seq }, event });
  };
  turns.forEach(({ questions, attempts, end, usesTool }, index) => {
    const turn = index + 1;
    log.turnStarts.push(log.events.length);
    questions.forEach((question, n) => {
      const id = `c:question-${turn}-${n}`;
      append({ type: 'message.added', message: { id, author: 'customer', turn, text: question, at } });
    });
    attempts.forEach((deltas, n) => {
      const attempt = n + 1;
      append({ type: 'reply.started', turn, attempt });
      if (usesTool) {
        append({ type: 'tool.started', turn, call: 1, name: 'find_order', title: 'Looking up your order' });
        append({ type: 'tool.ended', turn, call: 1, name: 'find_order', ok: true });
      }
      let offset = 0;
      for (const delta of deltas) {
        append({ type: 'reply.delta', turn, attempt, offset, text: delta });
        offset += delta.length;
      }
      log.said.set(`${turn}/${attempt}`, deltas.join(''));
    });
    const length = attempts.at(-1)?.join('').length ?? 0;
    append({ type: 'reply.ended', turn, attempt: attempts.length, end, length });
  });
  return log;
};

/** The transcript when the first `count` events are in the log, and a position from which what is in flight follows. */
const snapshotAt = (log: Log, count: number): { messages: Message[]; position: Position | null } => {
  const { messages, reply } = applyEvents(emptyView, log.events.slice(0, count)).view;
  const start = log.turnStarts.findLast((first) => first <= count) ?? 0;
  const seq = reply || messages.at(-1)?.author === 'customer' ? start : count;
  return { messages: [...messages], position: count === 0 ? null : { generation, seq } };
};

const shown = ({ messages, reply, owner, closed }: ConversationView) => ({ messages, reply, owner, closed });

const expectPrefix = (view: ConversationView, log: Log): void => {
  if (!view.reply?.text) return;
  const whole = log.said.get(`${view.reply.turn}/${view.reply.attempt}`);
  expect(whole?.startsWith(view.reply.text)).toBe(true);
};

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), size: fc.nat(8), overlap: fc.nat(12) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('snapshot' as const), ahead: fc.nat(6) }) },
);

const run = fc.record({
  turns: fc.array(turn, { minLength: 1, maxLength: 4 }),
  steps: fc.array(step, { maxLength: 30 }),
  cut: fc.nat(10),
});

describe('a conversation read in any pieces', () => {
  test('ends as the plain sequence does, and shows a prefix of the attempt at every step', () => {
    fc.assert(
      fc.property(run, ({ turns, steps, cut }) => {
        const whole = logOf(turns);
        const log = { ...whole, events: whole.events.slice(0, Math.max(1, whole.events.length - cut)) };
        let view = emptyView;
        for (const step of steps) {
          const head = view.position?.seq ?? 0;
          if (step.kind === 'deliver') {
            const frame = log.events.slice(Math.max(0, head - step.overlap), head + step.size);
            const applied = applyEvents(view, frame);
            expect(applied.continuous).toBe(true);
            view = applied.view;
          } else {
            view = applySnapshot(view, snapshotAt(log, Math.min(log.events.length, head + step.ahead)));
          }
          expectPrefix(view, log);
        }
        const rest = applyEvents(view, log.events.slice(view.position?.seq ?? 0));
        expect(rest.continuous).toBe(true);
        expect(shown(rest.view)).toEqual(shown(applyEvents(emptyView, log.events).view));
      }),
      { numRuns: 500 },
    );
  });

  test('never goes over a hole: what is shown is what stood before it', () => {
    fc.assert(
      fc.property(run, fc.nat(), fc.integer({ min: 1, max: 5 }), ({ turns }, place, size) => {
        const { events } = logOf(turns);
        const hole = place % Math.max(1, events.length - size);
        const applied = applyEvents(emptyView, [...events.slice(0, hole), ...events.slice(hole + size)]);
        fc.pre(hole + size < events.length);
        expect(applied.continuous).toBe(false);
        expect(applied.view).toEqual(applyEvents(emptyView, events.slice(0, hole)).view);
      }),
      { numRuns: 200 },
    );
  });

  test('the transcript may already hold the reply whose events are yet to come', () => {
    fc.assert(
      fc.property(run, ({ turns }) => {
        const log = logOf(turns);
        const done = applyEvents(emptyView, log.events).view;
        const start = log.turnStarts.at(-1) ?? 0;
        const ahead = applySnapshot(emptyView, { messages: done.messages, position: { generation, seq: start } });
        for (let end = start; end <= log.events.length; end++) {
          const applied = applyEvents(ahead, log.events.slice(start, end));
          expect(applied.continuous).toBe(true);
          expect(shown(applied.view)).toEqual(shown(done));
        }
      }),
      { numRuns: 200 },
    );
  });
});
