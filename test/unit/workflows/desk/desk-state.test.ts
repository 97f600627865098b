import { expect, test } from '@jest/globals';
import type { AgentStatus, Handoff } from '../../../../contracts/desk.ts';
import type { DeskEffect, DeskPolicy } from '../../../../contracts/desk-work.ts';
import { DeskState } from '../../../../workflows/desk-state.ts';
import { agentOf, handoffOf, policyOf } from './building.ts';

/** A desk whose effects are read, and conversations that always do as they are told. */
const opened = (policy: Partial<DeskPolicy> = {}) => {
  const desk = DeskState.opened(policyOf(policy));
  let seq = 0;
  let commands = 0;
  const rig = {
    desk,
    now: 0,
    become: (id: string, status: Exclude<AgentStatus, 'wrapUp'>, profile = {}) =>
      desk.agentChanged({ agent: agentOf(id, profile), status, seq: ++seq }, rig.now),
    handOff: (id: string, handoff: Partial<Handoff> = {}) =>
      desk.handOff(handoffOf(id, { at: rig.now, ...handoff }), rig.now),
    pass: (ms: number) => {
      rig.now += ms;
      desk.tick(rig.now);
    },
    ringing: (agent: string) =>
      [...desk.entries].find((entry) => entry.agent === agent && entry.place === 'offered')?.conversationId,
    statusOf: (agent: string) => [...desk.agents].find(({ id }) => id === agent)?.status,
    answer: (agent: string, answer: 'accept' | 'decline') => {
      const offer = [...desk.entries].find((entry) => entry.agent === agent && entry.place === 'offered')?.offer ?? 0;
      desk.answer({ commandId: `command-${++commands}`, agent, offer, answer }, rig.now);
      return rig.effects();
    },
    effects: (): DeskEffect[] => {
      const effects = desk.takeEffects(rig.now);
      for (const effect of effects)
        desk.settle(
          effect.kind === 'take'
            ? { id: effect.id, result: 'taken', term: effect.term + 1 }
            : { id: effect.id, result: 'done' },
          rig.now,
        );
      return effects;
    },
  };
  return rig;
};

test('an offer goes to the least loaded who can; ringing out and declining send it on; nobody is asked again at once', () => {
  const { desk, become, handOff, pass, ringing, answer } = opened({ missesUntilAway: 9 });
  become('ann', 'online', { capacity: 2 });
  become('bob', 'online', { languages: ['de'] });
  become('cat', 'online', { capacity: 2 });
  handOff('c1');
  expect(ringing('ann')).toBe('c1');
  pass(20_000);
  expect([ringing('ann'), ringing('cat')]).toEqual([undefined, 'c1']);
  answer('cat', 'decline');
  expect([...desk.entries][0]?.place).toBe('waiting');
  pass(59_999);
  expect(ringing('ann')).toBeUndefined();
  pass(1);
  expect(ringing('ann')).toBe('c1');
});

test('who lets offers ring out twice is away, and what they would have got goes on', () => {
  const { become, handOff, pass, ringing, statusOf, effects } = opened({ restMs: 1_000 });
  become('ann', 'online');
  handOff('c1');
  pass(20_000);
  pass(1_000);
  expect(ringing('ann')).toBe('c1');
  pass(20_000);
  expect(statusOf('ann')).toBe('away');
  expect(effects().some((effect) => effect.kind === 'status' && effect.status === 'away')).toBe(true);
  become('ann', 'online');
  pass(1_000);
  expect(ringing('ann')).toBe('c1');
});

test('priority goes first, but whoever waits a minute longer per step is not overtaken', () => {
  const { become, handOff, pass, ringing, answer } = opened();
  handOff('plain');
  pass(100_000);
  handOff('early', { priority: 2 });
  pass(30_000);
  handOff('urgent', { priority: 2 });
  become('ann', 'online', { capacity: 3 });
  expect(ringing('ann')).toBe('early');
  answer('ann', 'accept');
  expect(ringing('ann')).toBe('plain');
});

test('an endless stream of the most urgent does not starve the least', () => {
  const { desk, become, handOff, pass, answer } = opened();
  handOff('plain');
  become('ann', 'online');
  for (let i = 0; i < 100; i++) {
    pass(10_000);
    handOff(`urgent${i}`, { priority: 3 });
    answer('ann', 'accept');
    const held = [...desk.entries].find(({ place }) => place === 'held');
    if (held?.conversationId === 'plain') break;
    if (held) desk.left({ conversationId: held.conversationId, term: 3, how: 'resolved' }, 0);
  }
  expect([...desk.entries].find(({ conversationId }) => conversationId === 'plain')?.place).toBe('held');
});

test('who knows the customer is asked first; who is wished for is asked alone, until they refuse', () => {
  const { become, handOff, ringing, answer } = opened();
  become('ann', 'online', { capacity: 2 });
  become('bob', 'online', { capacity: 2, languages: ['de'] });
  become('cat', 'online', { capacity: 2 });
  handOff('c1', { sticky: 'cat' });
  expect(ringing('cat')).toBe('c1');
  handOff('c2', { wish: 'bob' });
  expect(ringing('bob')).toBe('c2');
  answer('bob', 'decline');
  expect(ringing('ann')).toBe('c2');
});

test('skills are asked for until it has taken too long, the language always', () => {
  const { become, handOff, pass, ringing } = opened();
  become('ann', 'online');
  handOff('c1', { skills: ['returns'] });
  handOff('c2', { language: 'de-CH', skills: ['returns'] });
  expect(ringing('ann')).toBeUndefined();
  pass(300_000);
  expect(ringing('ann')).toBe('c1');
  become('bob', 'online', { languages: ['de'], capacity: 2 });
  expect(ringing('bob')).toBe('c2');
});

test('an agent who vanishes gives everything back, and it keeps its place in the line', () => {
  const { desk, become, handOff, pass, answer, effects, ringing } = opened();
  become('ann', 'online', { capacity: 2 });
  handOff('c1');
  answer('ann', 'accept');
  pass(10_000);
  handOff('c2');
  pass(10_000);
  handOff('c3');
  become('ann', 'offline');
  expect(effects().filter(({ kind }) => kind === 'return')).toMatchObject([
    { conversationId: 'c1', term: 2, agent: 'ann' },
  ]);
  handOff('c1', { term: 3 });
  expect(['c1', 'c2', 'c3'].map((id) => desk.position(id))).toEqual([1, 2, 3]);
  become('bob', 'online');
  expect(ringing('bob')).toBe('c1');
});

test('an accept that the conversation refuses, because it waits no more, frees the agent', () => {
  const { desk, become, handOff, ringing } = opened();
  become('ann', 'online');
  handOff('c1');
  const offer = [...desk.entries][0]?.offer ?? 0;
  const command = { commandId: 'command-1', agent: 'ann', offer, answer: 'accept' as const };
  desk.answer(command, 0);
  expect(desk.objection({ ...command, commandId: 'command-2' })).toMatch('not open');
  expect(desk.objection(command)).toBeNull();
  for (const effect of desk.takeEffects(0)) desk.settle({ id: effect.id, result: 'left' }, 0);
  handOff('c1');
  expect([...desk.entries]).toEqual([]);
  handOff('c2');
  expect(ringing('ann')).toBe('c2');
});

test('after a conversation comes a time for notes, and then the next offer', () => {
  const { desk, become, handOff, pass, answer, ringing, statusOf } = opened({ wrapUpMs: 30_000 });
  become('ann', 'online');
  handOff('c1');
  answer('ann', 'accept');
  desk.left({ conversationId: 'c1', term: 3, how: 'resolved' }, 0);
  handOff('c2');
  expect([statusOf('ann'), ringing('ann')]).toEqual(['wrapUp', undefined]);
  pass(30_000);
  expect([statusOf('ann'), ringing('ann')]).toEqual(['online', 'c2']);
});

test('too long a wait goes to another desk, and at last to what the playbook says; an offer that rings is waited for', () => {
  const { become, handOff, pass, effects } = opened({
    overflow: { afterMs: 60_000, desk: 'other' },
    maxWait: { afterMs: 90_000, as: 'assistant' },
  });
  handOff('c1');
  pass(60_000);
  expect(effects().find(({ kind }) => kind === 'overflow')).toMatchObject({
    conversationId: 'c1',
    term: 1,
    desk: 'other',
  });
  handOff('c2');
  pass(55_000);
  become('ann', 'online');
  pass(10_000);
  expect(effects().some(({ kind }) => kind === 'overflow')).toBe(false);
  pass(25_000);
  expect(effects().find(({ kind }) => kind === 'giveUp')).toMatchObject({
    conversationId: 'c2',
    as: 'assistant',
    why: 'waited',
  });
});

test('outside its hours a desk takes nobody in, unless somebody opened it; waiting is counted in open time', () => {
  const open = [
    { from: 0, to: 100_000 },
    { from: 500_000, to: 900_000 },
  ];
  const { desk, handOff, pass, effects } = opened({
    open,
    firstReplyMs: 50_000,
    whenClosed: 'ticket',
    maxWait: { afterMs: 150_000, as: 'assistant' },
  });
  handOff('c1');
  pass(200_000);
  handOff('c2');
  expect(effects().filter(({ kind }) => kind === 'giveUp')).toMatchObject([
    { conversationId: 'c2', as: 'ticket', why: 'closed' },
  ]);
  desk.setSwitch('open');
  handOff('c3');
  expect(desk.position('c3')).toBe(2);
  pass(350_000 - 1);
  expect(desk.position('c1')).toBe(1);
  pass(1);
  expect(desk.position('c1')).toBe(0);
});

test('everybody who waits is told where they stand, newcomers at once and moves every five seconds', () => {
  const { become, handOff, pass, effects, answer } = opened();
  const told = () =>
    effects().flatMap((effect) =>
      effect.kind === 'position' ? [[effect.conversationId, effect.position, effect.expectedMs]] : [],
    );
  for (const id of ['c1', 'c2', 'c3']) handOff(id);
  expect(told()).toEqual([
    ['c1', 1, null],
    ['c2', 2, null],
    ['c3', 3, null],
  ]);
  become('ann', 'online', { capacity: 2 });
  answer('ann', 'accept');
  expect(told()).toEqual([]);
  pass(5_000);
  expect(told()).toEqual([
    ['c2', 1, 150_000],
    ['c3', 2, 300_000],
  ]);
});

test('a higher priority moves a waiting conversation forward, and a transfer takes it from the one who has it', () => {
  const { desk, become, handOff, answer, ringing } = opened();
  handOff('c1');
  handOff('c2');
  handOff('c2', { priority: 1 });
  expect([desk.position('c1'), desk.position('c2')]).toEqual([2, 1]);
  become('ann', 'online');
  answer('ann', 'accept');
  become('bob', 'busy', { capacity: 2 });
  become('bob', 'online', { capacity: 2 });
  answer('bob', 'accept');
  handOff('c2', { term: 3, wish: 'bob' });
  handOff('c3');
  expect([ringing('ann'), ringing('bob')]).toEqual(['c3', 'c2']);
});
