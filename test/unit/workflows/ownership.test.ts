import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Ownership } from '../../../workflows/ownership.ts';

const waiting = () => {
  const ownership = new Ownership();
  ownership.handOff('asked', 1);
  ownership.joined('orders');
  return ownership;
};

test('each change raises the term, and is owed to everybody in order until it is told', () => {
  const ownership = waiting();
  expect(ownership.handOff('asked', 1)).toBe(false);
  expect(ownership.accept({ agent: 'ann', by: 'Ann', term: 1, desk: 'orders' })).toBe(true);
  ownership.release({ agent: 'ann', term: 2, how: 'transfer', desk: 'returns', wish: 'bob' });
  const steps = [];
  for (let step = ownership.owed; step; step = ownership.owed) {
    steps.push(step);
    ownership.told(step);
  }
  expect(steps).toEqual([
    { term: 1, to: 'waiting', queue: { reason: 'asked', priority: 0 } },
    { term: 2, to: 'agent', agent: { id: 'ann', name: 'Ann' } },
    {
      ...{ term: 3, to: 'waiting', queue: { reason: 'transfer', desk: 'returns', priority: 1, wish: 'bob' } },
      leave: { desk: 'orders', how: 'moved' },
    },
  ]);
});

test('of two agents who accept, the first has it; the same acceptance again gets the same answer', () => {
  const ownership = waiting();
  expect(ownership.accept({ agent: 'ann', by: 'Ann', term: 1, desk: 'orders' })).toBe(true);
  expect(ownership.accept({ agent: 'bob', by: 'Bob', term: 1, desk: 'orders' })).toBe(false);
  expect(ownership.accept({ agent: 'ann', by: 'Ann', term: 1, desk: 'orders' })).toBe(true);
  expect(ownership.objection({ agent: 'bob', term: 2 })).toMatch('not with bob');
  expect(ownership.objection({ agent: 'ann', term: 1 })).toMatch('in term 1');
  expect(ownership.objection({ agent: 'ann', term: 2 })).toBeNull();
});

test('what a desk decided about an earlier term changes nothing', () => {
  const ownership = waiting();
  ownership.accept({ agent: 'ann', by: 'Ann', term: 1, desk: 'orders' });
  ownership.decided({ kind: 'giveUp', term: 1, as: 'assistant', why: 'waited' });
  ownership.decided({ kind: 'return', term: 2, agent: 'bob' });
  expect([ownership.owner, ownership.term]).toEqual(['agent', 2]);
  ownership.decided({ kind: 'return', term: 2, agent: 'ann' });
  ownership.decided({ kind: 'return', term: 2, agent: 'ann' });
  expect([ownership.owner, ownership.term, ownership.agent]).toEqual(['waiting', 3, null]);
});

test('an acceptance of a term in which nobody waits is told to its desk, and its fence is never above the term', () => {
  const ann = { agent: 'ann', by: 'Ann', term: 4, desk: 'orders' };
  const fresh = new Ownership();
  expect(fresh.accept(ann)).toBe(false);
  expect(fresh.owed).toEqual({ term: 6, to: 'assistant', leave: { desk: 'orders', how: 'moved' } });
  fresh.adopt(5);
  expect(fresh.term).toBe(6);
  const reset = waiting();
  expect(reset.accept(ann)).toBe(false);
  reset.told({ term: 1, to: 'waiting' });
  expect(reset.owed).toMatchObject({ term: 6, to: 'waiting', queue: { reason: 'asked', desk: 'orders' } });
  const late = waiting();
  late.accept({ ...ann, term: 1 });
  late.release({ agent: 'ann', term: 2, how: 'giveBack' });
  expect(late.accept({ ...ann, term: 1 })).toBe(false);
  expect(late.term).toBe(3);
});

const agent = fc.constantFrom('ann', 'bob');
const term = fc.integer({ min: 1, max: 30 });
const command = fc.oneof(
  fc.record({ do: fc.constant('handOff' as const) }),
  fc.record({ do: fc.constant('accept' as const), agent, term: fc.option(term) }),
  fc.record({
    do: fc.constant('release' as const),
    agent,
    how: fc.constantFrom('giveBack' as const, 'resolve' as const, 'transfer' as const),
  }),
  fc.record({
    do: fc.constantFrom('return' as const, 'giveUp' as const, 'overflow' as const),
    agent,
    term: fc.option(term),
  }),
  fc.record({ do: fc.constantFrom('told' as const, 'carry' as const) }),
);

test('whatever comes in whatever order, also late and across runs: terms only rise, and each change is owed once', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
      let ownership = new Ownership();
      const seen: number[] = [];
      const took = new Map<number, string>();
      for (const one of commands) {
        const before = ownership.term;
        const current = ownership.term;
        if (one.do === 'handOff') ownership.handOff('asked', 1);
        else if (one.do === 'accept') {
          const wanted = Math.min(one.term ?? current, current);
          const isTheirs = ownership.accept({ agent: one.agent, by: one.agent, term: wanted, desk: 'orders' });
          if (isTheirs) expect(took.get(wanted + 1) ?? one.agent).toBe(one.agent);
          if (isTheirs) took.set(wanted + 1, one.agent);
        } else if (one.do === 'release') {
          const release = { agent: one.agent, term: current, how: one.how };
          if (ownership.objection(release) === null) ownership.release(release);
        } else if (one.do === 'return')
          ownership.decided({ kind: 'return', term: one.term ?? current, agent: one.agent });
        else if (one.do === 'giveUp')
          ownership.decided({ kind: 'giveUp', term: one.term ?? current, as: 'ticket', why: 'waited' });
        else if (one.do === 'overflow')
          ownership.decided({ kind: 'overflow', term: one.term ?? current, desk: 'other' });
        else if (one.do === 'carry') ownership = new Ownership(JSON.parse(JSON.stringify(ownership.carry())));
        else if (ownership.owed) {
          seen.push(ownership.owed.term);
          ownership.told(ownership.owed);
        }
        expect([0, 1, 2]).toContain(ownership.term - before);
      }
      for (let step = ownership.owed; step; step = ownership.owed) {
        seen.push(step.term);
        ownership.told(step);
      }
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
      expect(seen.at(-1) ?? 0).toBe(ownership.term);
    }),
    { numRuns: 1_000 },
  );
});
