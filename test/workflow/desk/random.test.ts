import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as names from '../../../contracts/names.ts';
import type { ModelPart } from '../../../integrations/model.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { createRandom } from '../../faults/random.ts';
import { companyWithDesk, deskOf, personAt } from '../../people.ts';
import { scriptedModel } from '../../scripted-model.ts';

const EVENTS = 500;
const RESTART_EVERY = 100;
const SEED = Number(process.env.DESK_SEED ?? Date.now() % 1_000_000);

const asksForPerson: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];
const { desk, loaded } = companyWithDesk({}, { ring: 2_000, rest: 1_000, missesUntilAway: 5 });
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model: scriptedModel(() => asksForPerson), loaded });
});
afterAll(() => engine.stop());

test(`${EVENTS} random events and ${EVENTS / RESTART_EVERY - 1} changes of workers: nobody is lost, nobody has two agents`, async () => {
  console.log(`DESK_SEED=${SEED}`);
  const random = createRandom(SEED);
  const people = ['ann', 'bob', 'cat'].map((name, i) => personAt(engine, desk, { name, capacity: i + 1 }));
  const conversations = Array.from({ length: 25 }, () => engine.newConversation());
  let messages = 0;
  let accepted = 0;
  for (const person of people) await person.become('online');
  const events = {
    async arrive() {
      await engine.send(random.pick(conversations), `message-${++messages}`, 'person');
    },
    async status() {
      await random.pick(people).become(random.pick(['online', 'online', 'online', 'busy', 'away', 'offline'] as const));
    },
    async answer() {
      const person = random.pick(people);
      const [offer] = await engine.offers.openFor(person.id);
      // One that has rung out meanwhile is refused, and that is right.
      if (offer)
        await person.answer(offer.offer, random.next() < 0.8 ? 'accept' : 'decline').then(
          () => accepted++,
          () => undefined,
        );
    },
    async release() {
      const id = random.pick(conversations);
      const owned = await engine.owners.of(id);
      const person = people.find((one) => one.id === owned?.agent);
      await person?.release(id, random.pick(['giveBack', 'resolve', 'transfer'] as const)).catch(() => undefined);
    },
  };
  for (let i = 0; i < EVENTS; i++) {
    await events[random.pick(['arrive', 'arrive', 'answer', 'answer', 'release', 'release', 'status'] as const)]();
    if (i % RESTART_EVERY === RESTART_EVERY - 1) await engine.replaceWorkers();
    const { agents, entries } = i % 25 === 0 ? await deskOf(engine, desk) : { agents: [], entries: [] };
    for (const { id, load, capacity } of agents) {
      expect(load).toBeLessThanOrEqual(capacity);
      expect(load).toBe(entries.filter(({ agent, place }) => agent === id && place !== 'returning').length);
    }
  }

  // Now everybody is served.
  for (const person of people) await person.become('online');
  for (const until = Date.now() + 90_000; ; ) {
    const { entries } = await deskOf(engine, desk);
    const owned = await Promise.all(conversations.map(async (id) => ({ id, ...(await engine.owners.of(id)) })));
    const wanting = owned.filter(({ heldBy }) => heldBy === 'waiting' || heldBy === 'agent');
    if (entries.length === 0 && wanting.length === 0) break;
    if (Date.now() > until) throw new Error(`left behind: ${JSON.stringify({ entries, wanting })}`);
    for (const { id, agent } of wanting) {
      const person = people.find((one) => one.id === agent);
      await person?.release(id, 'resolve').catch(() => undefined);
    }
    for (const person of people)
      for (const { offer } of await engine.offers.openFor(person.id))
        await person.answer(offer, 'accept').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { events: history } = await engine.client.workflow.getHandle(names.deskWorkflowId(desk)).fetchHistory();
  console.log(`${accepted} answers, ${messages} messages, ${history?.length} events in the desk's history`);
  expect(accepted).toBeGreaterThan(20);
}, 280_000);
