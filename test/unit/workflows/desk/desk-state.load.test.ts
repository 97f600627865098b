import { expect, test } from '@jest/globals';
import { DeskState } from '../../../../workflows/desk-state.ts';
import { agentOf, handoffOf, policyOf } from './building.ts';

const SKILLS = ['orders', 'returns', 'gear', 'accounts', 'payments'];
const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt'];
const one = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

const p95 = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;

test('200 agents and 2,000 waiting: an event with its offers takes 50 ms at most (p95), also when nothing fits', () => {
  const desk = DeskState.opened(policyOf());
  const agents = Array.from({ length: 200 }, (_, i) =>
    agentOf(`agent${i}`, {
      capacity: 3,
      languages: [one(LANGUAGES, i), one(LANGUAGES, i + 1)],
      skills: [one(SKILLS, i), one(SKILLS, i + 2)],
    }),
  );
  const times: number[] = [];
  let now = 0;
  const timed = (event: () => void): void => {
    const began = performance.now();
    event();
    const effects = desk.takeEffects(now);
    times.push(performance.now() - began);
    for (const effect of effects)
      desk.settle(
        effect.kind === 'take'
          ? { id: effect.id, result: 'taken', term: effect.term + 1 }
          : { id: effect.id, result: 'done' },
        now,
      );
  };
  for (let i = 0; i < 2_000; i++)
    timed(() =>
      desk.handOff(
        handoffOf(`c${i}`, {
          at: now++,
          priority: i % 4,
          language: one(LANGUAGES, i * 7),
          skills: i % 3 === 0 ? [] : [one(SKILLS, i * 3)],
        }),
        now,
      ),
    );
  const full = JSON.stringify(desk.carry()).length;
  for (const agent of agents) timed(() => desk.agentChanged({ agent, status: 'online', seq: 1 }, now));
  let command = 0;
  let held = 0;
  for (let round = 0; round < 10; round++) {
    now += 1_000;
    for (const { id } of agents) {
      const ringing = [...desk.entries].find(({ agent, place }) => agent === id && place === 'offered');
      if (!ringing?.offer) continue;
      const answer = { commandId: `command-${++command}`, agent: id, offer: ringing.offer };
      timed(() => desk.answer({ ...answer, answer: command % 5 === 0 ? 'decline' : 'accept' }, now));
    }
    for (const { conversationId, term, place } of [...desk.entries])
      if (place === 'held' && ++held % 2 === 0)
        timed(() => desk.left({ conversationId, term: term + 1, how: 'resolved' }, now));
    timed(() => desk.tick(now));
  }
  console.log(
    `${times.length} events, p95 ${p95(times).toFixed(2)} ms, longest ${Math.max(...times).toFixed(2)} ms; ${full} bytes go to the next run`,
  );
  expect(command).toBeGreaterThan(1_500);
  expect(p95(times)).toBeLessThanOrEqual(50);
  // A payload that Temporal takes by default is 2 MB at most.
  expect(full).toBeLessThan(1_500_000);
});
