import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agentOf, policyOf } from './building.ts';
import { violations } from './invariants.ts';
import { World } from './world.ts';

const SKILLS = ['orders', 'returns'];
const AGENTS = [
  agentOf('ann', { capacity: 3, languages: ['en', 'de'], skills: SKILLS }),
  agentOf('bob', { capacity: 2, skills: ['orders'] }),
  agentOf('cat', { capacity: 1, languages: ['de'] }),
  agentOf('dan', { capacity: 4, languages: ['en', 'de'] }),
];
const STATUSES = ['online', 'online', 'online', 'online', 'busy', 'away', 'offline'] as const;
const agent = fc.constantFrom(...AGENTS);
const id = fc.integer({ min: 1, max: 40 }).map((n) => `c${n}`);
const wants = fc.record(
  {
    priority: fc.integer({ min: 0, max: 3 }),
    weight: fc.integer({ min: 1, max: 3 }),
    language: fc.constantFrom('en', 'de'),
    skills: fc.subarray(SKILLS),
    sticky: agent.map((one) => one.id),
    wish: agent.map((one) => one.id),
  },
  { requiredKeys: ['priority', 'weight', 'language', 'skills'] },
);

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('handOff' as const), id, wants }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('resolved' as const, 'givenBack' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      agent,
      status: fc.constantFrom(...STATUSES),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('accept' as const, 'decline' as const), agent }) },
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('carryOut' as const), index: fc.nat(50), heard: fc.nat(4) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('direct' as const), id, agent }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('switch' as const),
      to: fc.constantFrom('hours' as const, 'closed' as const),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

const happens = (world: World, event: Event): void => {
  if (event.kind === 'handOff') world.handOff(event.id, event.wants);
  else if (event.kind === 'resolved' || event.kind === 'givenBack') world.leave(event.id, event.kind);
  else if (event.kind === 'status') world.become(event.agent, event.status);
  else if (event.kind === 'accept' || event.kind === 'decline') world.answer(event.agent.id, event.kind);
  else if (event.kind === 'carryOut') world.carryOut(event.index, event.heard > 0);
  else if (event.kind === 'direct') world.direct(event.id, event.agent.id);
  else if (event.kind === 'pass') world.pass(event.ms);
  else if (event.kind === 'switch') world.desk.setSwitch(event.to);
  else world.restart();
};

const policies = fc.constantFrom(
  policyOf({ wrapUpMs: 30_000 }),
  policyOf({ maxWait: { afterMs: 400_000, as: 'assistant' }, overflow: { afterMs: 200_000, desk: 'other' } }),
  policyOf({ whenClosed: 'ticket', missesUntilAway: 1 }),
);

test('20 × 500 random events: capacity, one owner, nobody lost, nobody idle while somebody waits, positions', () => {
  let offers = 0;
  fc.assert(
    fc.property(policies, fc.array(event, { minLength: 500, maxLength: 500, size: 'max' }), (policy, events) => {
      const world = new World(policy);
      for (const one of AGENTS) world.become(one, 'online');
      for (const one of events) {
        happens(world, one);
        expect([...violations(world.desk), ...world.lost()]).toEqual([]);
      }
      offers += world.desk.carry().counts.offer;
    }),
    { numRuns: 20 },
  );
  expect(offers).toBeGreaterThan(400);
});

test('whatever happened before, everybody is served once people are there', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 200, maxLength: 200, size: 'max' }), (events) => {
      const world = new World(policyOf());
      for (const one of events) happens(world, one);
      for (const { id } of AGENTS)
        world.become(agentOf(id, { capacity: 4, languages: ['en', 'de'], skills: SKILLS }), 'online');
      const waited = [...world.conversations.values()].filter(({ owner }) => owner !== 'assistant');
      for (let round = 0; round < 2_000 && [...world.desk.entries].length > 0; round++) {
        while (world.pending().length > 0) world.carryOut(0, true);
        for (const { id } of AGENTS) world.answer(id, 'accept');
        for (const { conversationId, place } of [...world.desk.entries])
          if (place === 'held') world.leave(conversationId, 'resolved');
        world.pass(1_000);
      }
      expect(waited.filter(({ owner }) => owner !== 'assistant')).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
