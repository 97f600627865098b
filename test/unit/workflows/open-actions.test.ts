import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { OpenActions } from '../../../workflows/open-actions.ts';

const HASH = 'a'.repeat(64);
const proposed = (id: string, approvers = 0) => ({ id, argumentsHash: HASH, expiresAt: 1_000, approvers });
const says = (action: string, decision: 'confirm' | 'cancel' = 'confirm', argumentsHash = HASH) => ({
  ...{ commandId: 'command-1', action, argumentsHash, decision },
});
const person = (action: string, by: string, more: object = {}) => ({
  ...{ action, argumentsHash: HASH, decision: 'approve' as const, by },
  ...more,
});
const typeOf = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return Reflect.get(Object(error), 'type');
  }
  return undefined;
};
/** One that its customer has confirmed and that waits for people. */
const waiting = (approvers: number): OpenActions => {
  const actions = new OpenActions();
  actions.propose(proposed('1.0', approvers));
  actions.decide(says('1.0'));
  actions.nextWork();
  actions.awaitPeople('1.0', 5_000);
  return actions;
};

test('the first decision of the customer counts, and only on what was shown, in time', () => {
  const actions = new OpenActions();
  actions.propose(proposed('1.0'));
  expect(typeOf(() => actions.assertDecidable(says('1.1'), 0))).toBe('ActionUnknown');
  expect(typeOf(() => actions.assertDecidable(says('1.0', 'confirm', 'b'.repeat(64)), 0))).toBe('ActionChanged');
  expect(typeOf(() => actions.assertDecidable(says('1.0'), 1_000))).toBe('ActionExpired');
  expect(typeOf(() => actions.assertDecidable(says('1.0'), 999))).toBeUndefined();
  expect(actions.decide(says('1.0', 'cancel'))).toEqual({ action: '1.0', decision: 'cancel' });
  expect(typeOf(() => actions.assertDecidable(says('1.0'), 0))).toBe('ActionDecided');
  // The same proposal once more, from a task that was run again.
  actions.propose(proposed('1.0'));
  expect(actions.waiting(0)).toEqual({ customer: 0, people: 0 });
  expect(actions.nextWork()).toMatchObject({ do: 'close', state: 'cancelled' });
  expect(actions.hasWork).toBe(false);
});

test('what needs people is not done before the last of them, each counted once', () => {
  const actions = waiting(2);
  expect(actions.decideApproval(person('1.0', 'grace'))).toEqual({ action: '1.0', state: 'waiting', approvals: 1 });
  expect(actions.decideApproval(person('1.0', 'grace'))).toEqual({ action: '1.0', state: 'waiting', approvals: 1 });
  expect(actions.decideApproval(person('1.0', 'hugo'))).toEqual({ action: '1.0', state: 'approved', approvals: 2 });
  expect(typeOf(() => actions.assertApprovable(person('1.0', 'ida'), 0))).toBe('ActionUnknown');
  expect([actions.nextWork(), actions.nextWork(), actions.nextWork()].map((work) => work?.do)).toEqual([
    'endorse',
    'endorse',
    'run',
  ]);
});

test('an edit voids what was approved before, and one that is refused leaves all as it was', () => {
  const actions = waiting(2);
  actions.decideApproval(person('1.0', 'grace'));
  actions.nextWork();
  actions.decideApproval(person('1.0', 'hugo', { arguments: '{}' }));
  expect(typeOf(() => actions.assertApprovable(person('1.0', 'ida'), 0))).toBe('ActionChanged');
  expect(actions.nextWork()).toMatchObject({ do: 'revise', arguments: '{}' });
  actions.revised('1.0', 'b'.repeat(64), { by: 'hugo' });
  expect(actions.nextWork()).toMatchObject({ do: 'endorse', argumentsHash: 'b'.repeat(64) });
  expect(typeOf(() => actions.assertApprovable(person('1.0', 'grace'), 0))).toBe('ActionChanged');
  actions.decideApproval({ ...person('1.0', 'ida', { arguments: '{"x":1}' }), argumentsHash: 'b'.repeat(64) });
  actions.nextWork();
  actions.revised('1.0', null, { by: 'ida' });
  expect(actions.decideApproval({ ...person('1.0', 'grace'), argumentsHash: 'b'.repeat(64) })).toMatchObject({
    state: 'approved',
  });
});

test('nobody decides: people’s time ends by the clock, the customer’s by the next decision', () => {
  const actions = waiting(1);
  actions.propose(proposed('2.0'));
  actions.expire(4_999);
  expect(actions.hasWork).toBe(false);
  actions.expire(5_000);
  expect(actions.nextWork()).toEqual({ do: 'close', id: '1.0', state: 'expired', by: 'clock' });
  expect(actions.waiting(1_001)).toEqual({ customer: 0, people: 0 });
});

test('whatever happens in whatever order, with continue-as-new anywhere: each action is run or closed once, and run only with every yes', () => {
  const id = fc.constantFrom('1.0', '1.1', '2.0');
  const step = fc.oneof(
    fc.record({ do: fc.constant('propose' as const), id, approvers: fc.integer({ min: 0, max: 2 }) }),
    fc.record({
      do: fc.constant('decide' as const),
      id,
      decision: fc.constantFrom('confirm' as const, 'cancel' as const),
    }),
    fc.record({
      ...{ do: fc.constant('person' as const), id, by: fc.constantFrom('grace', 'hugo') },
      ...{ decision: fc.constantFrom('approve' as const, 'approve' as const, 'deny' as const), edits: fc.boolean() },
    }),
    fc.record({ do: fc.constantFrom('work' as const, 'carry' as const, 'time' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let actions = new OpenActions();
      let now = 0;
      const needed = new Map<string, number>();
      const confirmed = new Set<string>();
      const approvals = new Map<string, Set<string>>();
      const ended = new Map<string, number>();
      const end = (one: string) => ended.set(one, (ended.get(one) ?? 0) + 1);
      const allowed = (act: () => void): boolean => typeOf(act) === undefined;
      for (const each of steps) {
        if (each.do === 'propose' && !needed.has(each.id)) {
          needed.set(each.id, each.approvers);
          actions.propose({ ...proposed(each.id, each.approvers), expiresAt: now + 3 });
        } else if (each.do === 'decide') {
          const said = says(each.id, each.decision);
          if (!allowed(() => actions.assertDecidable(said, now))) continue;
          actions.decide(said);
          if (each.decision === 'confirm') confirmed.add(each.id);
        } else if (each.do === 'person') {
          const { by, decision, edits } = each;
          const said = {
            ...person(each.id, by),
            decision,
            ...(edits && decision === 'approve' && { arguments: '{}' }),
          };
          if (!allowed(() => actions.assertApprovable(said, now))) continue;
          actions.decideApproval(said);
          if (decision === 'approve' && !edits)
            approvals.set(each.id, new Set([...(approvals.get(each.id) ?? []), by]));
        } else if (each.do === 'time') {
          now += 1;
          actions.expire(now);
        } else if (each.do === 'carry') actions = new OpenActions(JSON.parse(JSON.stringify(actions.carry())));
        else {
          const work = actions.nextWork();
          if (work?.do === 'confirm' && work.approvers > 0) actions.awaitPeople(work.id, now + 3);
          else if (work?.do === 'revise') actions.revised(work.id, null, work.approvedBy);
          else if (work && work.do !== 'endorse') {
            end(work.id);
            if (work.do === 'close') continue;
            expect(confirmed.has(work.id)).toBe(true);
            expect(approvals.get(work.id)?.size ?? 0).toBeGreaterThanOrEqual(needed.get(work.id) ?? 9);
          }
        }
      }
      for (const count of ended.values()) expect(count).toBe(1);
    }),
    { numRuns: 500 },
  );
});
