import { expect, test } from '@jest/globals';
import type { DeskEvent, LoggedEvent, Message } from '../../../contracts/events.ts';
import { check } from '../../faults/check.ts';
import type { Evidence } from '../../faults/evidence.ts';
import type { Violation } from '../../faults/promises/case.ts';
import type { Fact, Line } from '../../faults/recording.ts';

const conversation = 'cnv_1';
const seen = { client: 'c1', conversation };
const T0 = Date.parse('2026-01-01T00:00:00.000Z');
const generation = 'generation-a';

const question: Message = {
  id: 'c:m1',
  author: 'customer',
  turn: 1,
  text: 'Where is it?',
  at: '2026-01-01T00:00:00.000Z',
};
const reply: Message = { id: 'a:1', author: 'assistant', turn: 1, text: 'On its way.', at: question.at, end: 'final' };

const started: DeskEvent = { type: 'reply.started', turn: 1, attempt: 1 };
const delta = (offset: number, text: string, attempt = 1): DeskEvent => ({
  type: 'reply.delta',
  turn: 1,
  attempt,
  offset,
  text,
});
const ended: DeskEvent = { type: 'reply.ended', turn: 1, attempt: 1, end: 'final', length: 11 };

const logged = (events: DeskEvent[], first = 1): LoggedEvent[] =>
  events.map((event, index) => ({
    id: `${first + index}`,
    at: new Date(T0).toISOString(),
    position: { generation, seq: first + index },
    event,
  }));

const later = (one: LoggedEvent): LoggedEvent => ({ ...one, position: { generation, seq: one.position.seq + 1 } });

/** A turn as it should be: asked, acknowledged, streamed in two deltas, at rest. */
const events = logged([
  { type: 'message.added', message: question },
  started,
  delta(0, 'On its'),
  delta(6, ' way.'),
  ended,
]);
const good: Fact[] = [
  { type: 'hello', client: 'c1', position: null },
  { type: 'welcome', ...seen, resumed: false },
  { type: 'snapshot', ...seen, position: null, messages: [] },
  { type: 'sent', ...seen, clientMessageId: 'm1', text: 'Where is it?' },
  { type: 'acked', ...seen, clientMessageId: 'm1' },
  { type: 'events', ...seen, events: events.slice(0, 3) },
  { type: 'shown', ...seen, turn: 1, attempt: 1, text: 'On its' },
  { type: 'events', ...seen, events: events.slice(3) },
  { type: 'settled', ...seen, messages: [question, reply], replying: false },
];

const truth: Evidence = {
  conversation,
  messages: [
    { id: 'c:m1', author: 'customer', turn: 1, ordinal: 0, text: 'Where is it?', ended: null, at: T0 },
    { id: 'a:1', author: 'assistant', turn: 1, ordinal: 1_000, text: 'On its way.', ended: 'final', at: T0 },
  ],
  turns: [{ turn: 1, attempt: 1, ended: 'final', tookMs: 900 }],
  steps: [],
  effects: [],
  tickets: [],
  signals: [{ clientMessageId: 'm1', at: T0, run: 0 }],
  history: [],
  failures: [],
  tasks: 1,
};

const stamped = (facts: Fact[]): Line[] => facts.map((fact, index) => ({ at: T0 + index * 10, ...fact }));
const broken = (violations: Violation[]): string[] => [...new Set(violations.map(({ promise }) => promise))].sort();
const promises = (facts: Fact[], change: Partial<Evidence> = {}, shift = 0): string[] => {
  const lines = stamped(facts).map((line) => ({ ...line, at: line.at + shift }));
  return broken(check(lines, [{ ...truth, ...change }]));
};
const slowed = (facts: Fact[], times: number): Line[] =>
  stamped(facts).map((line) => ({ ...line, at: T0 + (line.at - T0) * times }));

const booking: Evidence['effects'][number] = { turn: 1, call: 0, tool: 'rent_tent', key: 'k', state: 'done' };
/** The good run, in which an outside system was asked once and did it so often. */
const booked = (times: number): Fact[] => {
  const fact = { type: 'outside', conversation, tool: 'rent_tent', key: 'k' } as const;
  return [...good, { ...fact, did: 'asked' }, ...Array.from({ length: times }, (): Fact => ({ ...fact, did: 'done' }))];
};

/** The good run with the facts of one type changed. */
const with_ = <T extends Fact['type']>(type: T, change: (fact: Extract<Fact, { type: T }>) => Fact[]): Fact[] =>
  good.flatMap((fact) => (isOf(fact, type) ? change(fact) : [fact]));
const isOf = <T extends Fact['type']>(fact: Fact, type: T): fact is Extract<Fact, { type: T }> => fact.type === type;
/** The good run, in which the wire brought these events instead. */
const wire = (...batches: LoggedEvent[][]): Fact[] => [
  ...good.slice(0, 5),
  ...batches.map((batch): Fact => ({ type: 'events', ...seen, events: batch })),
  ...good.slice(-1),
];

const [asked, customerSaid, first] = [truth.turns[0], truth.messages[0], truth.messages[1]];
if (!asked || !customerSaid || !first) throw new Error('the good run is not whole');

test('a good run has no violations', () => {
  expect(check(stamped(good), [truth])).toEqual([]);
});

test('neither has one whose turn was recorded late, while its customer saw the end in time', () => {
  expect(promises(good, { turns: [{ ...asked, tookMs: 61_000 }] })).toEqual([]);
});

test('neither has one whose customer has left before the desk says that nobody comes; one who was there must see it', () => {
  const told = { ...first, id: 'a:2', turn: 2, ended: 'escalated' };
  const waits: Evidence['turns'] = [
    { ...asked, ended: 'escalated' },
    { ...asked, turn: 2, ended: 'escalated' },
  ];
  const handedOver = logged([...events.slice(0, 4).map(({ event }) => event), { ...ended, end: 'escalated' }]);
  const facts = wire(handedOver.slice(0, 3), handedOver.slice(3)).map(
    (fact): Fact =>
      fact.type === 'settled' ? { ...fact, messages: [question, { ...reply, end: 'escalated' }] } : fact,
  );
  const messages = [customerSaid, { ...first, ended: 'escalated' }];
  expect(promises(facts, { turns: waits, messages: [...messages, { ...told, at: T0 + 60_000 }] })).toEqual([]);
  expect(promises(facts, { turns: waits, messages: [...messages, told] })).toEqual(['P3']);
});

test('a reply whose beginning was trimmed before the snapshot is not held against anybody; one that lost it later is', () => {
  const late = (facts: Fact[]): Fact[] =>
    facts.flatMap((fact): Fact[] => {
      if (fact.type === 'snapshot') return [{ ...fact, position: { generation, seq: 3 }, messages: [question] }];
      if (fact.type === 'shown') return [];
      return fact.type === 'events'
        ? [{ ...fact, events: fact.events.filter(({ position }) => position.seq > 3) }]
        : [fact];
    });
  expect(promises(late(good))).toEqual([]);
  const withStart = late(good).map(
    (fact): Fact =>
      fact.type === 'events' && fact.events.length === 2
        ? { ...fact, events: [...logged([started], 4), ...fact.events.map(later)] }
        : fact,
  );
  expect(promises(withStart)).toEqual(['P3']);
});

test.each<[string, string[], () => string[]]>([
  ['an acknowledged message that no history has', ['P1'], () => promises(good, { signals: [] })],
  [
    'one that Temporal had only after its acknowledgement',
    ['P1'],
    () => promises(good, { signals: [{ clientMessageId: 'm1', at: T0 + 500, run: 0 }] }),
  ],
  ['one that is not in Postgres', ['P1', 'P2', 'P3'], () => promises(good, { messages: [first] })],
  [
    'a message that became the input of a second turn',
    ['P2'],
    () => {
      const second = { ...first, id: 'a:2', turn: 2 };
      return promises(
        with_('settled', (fact) => [{ ...fact, messages: [...fact.messages, { ...reply, id: 'a:2', turn: 2 }] }]),
        { turns: [asked, { ...asked, turn: 2 }], messages: [...truth.messages, second] },
      );
    },
  ],
  ['a text that nobody sent', ['P2'], () => promises(with_('sent', (fact) => [{ ...fact, text: 'Another' }]))],
  [
    'messages out of order',
    ['P2'],
    () => {
      const later = { clientMessageId: 'm2', at: T0, run: 0 };
      const messages = [{ ...customerSaid, id: 'c:m2', text: 'And?' }, { ...customerSaid, ordinal: 1 }, first];
      const view = (fact: Extract<Fact, { type: 'settled' }>): Fact => ({
        ...fact,
        messages: [{ ...question, id: 'c:m2', text: 'And?' }, question, reply],
      });
      return promises(
        [
          ...good.slice(0, -1),
          { type: 'sent', ...seen, clientMessageId: 'm2', text: 'And?' },
          { type: 'acked', ...seen, clientMessageId: 'm2' },
          ...good.slice(-1).map((fact) => (isOf(fact, 'settled') ? view(fact) : fact)),
        ],
        { messages, signals: [...truth.signals, later] },
      );
    },
  ],
  ['a delta that is missing', ['P3', 'P8'], () => promises(wire(events.slice(0, 3), events.slice(4)))],
  ['a delta that comes twice', ['P3', 'P8'], () => promises(wire(events.slice(0, 3), events.slice(2)))],
  [
    'a reply that ends with other words than Postgres has',
    ['P3'],
    () => promises(good, { messages: [customerSaid, { ...first, text: 'Not on its way.' }] }),
  ],
  [
    'a text that changes on the screen',
    ['P3'],
    () => promises(with_('shown', (fact) => [fact, { ...fact, text: 'It is' }])),
  ],
  [
    'a client that ends with a message too few',
    ['P3'],
    () => promises(with_('settled', (fact) => [{ ...fact, messages: [question] }])),
  ],
  [
    'a superseded attempt that is heard again',
    ['P4'],
    () =>
      promises(
        wire(
          logged([
            { type: 'message.added', message: question },
            started,
            delta(0, 'On', 2),
            delta(0, 'No'),
            delta(2, ' its way.', 2),
            { ...ended, attempt: 2 },
          ]),
        ),
      ),
  ],
  [
    'a superseded attempt that is shown again',
    ['P4'],
    () => promises(with_('shown', (fact) => [{ ...fact, attempt: 2 }, fact])),
  ],
  ['a text that blanks out', ['P3', 'P4'], () => promises(with_('shown', (fact) => [fact, { ...fact, text: '' }]))],
  ['a turn without an end', ['P5'], () => promises(good, { turns: [{ ...asked, ended: null, tookMs: null }] })],
  [
    'a turn that takes too long',
    ['P5', 'P8'],
    () => broken(check(slowed(good, 4_000), [{ ...truth, turns: [{ ...asked, tookMs: 61_000 }] }])),
  ],
  ['a workflow that broke', ['P5'], () => promises(good, { failures: ['the workflow failed'] })],
  [
    'a message that is never answered',
    ['P5'],
    () => promises([...good, { type: 'unanswered', ...seen, clientMessageId: 'm1', afterMs: 75_000 }]),
  ],
  [
    'a tool call of a final turn without a result',
    ['P7'],
    () => promises(good, { steps: [{ turn: 1, call: 0, name: 'get_order', arguments: '{}', result: null }] }),
  ],
  ['events without the snapshot that was due', ['P8'], () => promises(good.filter(({ type }) => type !== 'snapshot'))],
  [
    'another log that passes for the same',
    ['P8'],
    () =>
      promises(
        wire(
          events.slice(0, 3),
          events.slice(3).map((event) => ({ ...event, position: { ...event.position, generation: 'generation-b' } })),
        ),
      ),
  ],
  [
    'a stall of a connected client',
    ['P8'],
    () =>
      check(
        stamped(good).map((line, index) => (index >= 7 ? { ...line, at: line.at + 6_000 } : line)),
        [truth],
      )
        .map(({ promise }) => promise)
        .slice(0, 1),
  ],
  ['an effect without an end', ['P7'], () => promises(booked(1), { effects: [{ ...booking, state: 'intended' }] })],
  ['an effect that is done in the ledger alone', ['P7'], () => promises(booked(0), { effects: [booking] })],
  ['one that was done twice', ['P7'], () => promises(booked(2), { effects: [booking] })],
  ['one that failed and was done', ['P7'], () => promises(booked(1), { effects: [{ ...booking, state: 'failed' }] })],
  ['one of which the ledger does not know', ['P7'], () => promises(booked(1))],
])('finds %s', (_, expected, found) => {
  expect(found()).toEqual(expected);
});

test('an effect that was done once, or may have been, is as the ledger says', () => {
  expect(promises(booked(1), { effects: [booking] })).toEqual([]);
  for (const times of [0, 1])
    expect(promises(booked(times), { effects: [{ ...booking, state: 'unknown' }] })).toEqual([]);
});
