import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ModelPart } from '../../../integrations/model.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { createRandom } from '../../faults/random.ts';
import { companyWithDesk, personAt } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';
import { watch } from '../../watch.ts';

/** F21: takeovers at random points of a turn. Each one begins anew with another customer. */
const TAKEOVERS = 200;
const AT_ONCE = 10;
const WORDS = Array.from({ length: 30 }, (_, i) => `word${i} `);
const SEED = Number(process.env.F21_SEED ?? Date.now() % 1_000_000);

const asksForPerson: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];

/** Thinks for a while, calls a tool that does not exist, and speaks. */
const model = scriptedModel(({ messages }) => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return says(...WORDS).flatMap((part) => [15, part]);
  if (last?.content.startsWith('person')) return asksForPerson;
  return [
    100,
    { type: 'text', text: 'Let me see. ' },
    50,
    { type: 'tools', calls: [{ id: 'call_2', name: 'get_order', arguments: '{}' }] },
    { type: 'finish', reason: 'tools' },
  ];
});

const { desk, loaded } = companyWithDesk();
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model, loaded });
});
afterAll(() => engine.stop());

type Taken = { cutOff: boolean; after: string[]; torn: string[]; ms: number };

type Person = ReturnType<typeof personAt>;

/** Whoever is offered this conversation, and the offer. */
const offered = async (people: Person[], id: string): Promise<[Person, number]> => {
  for (const until = Date.now() + 60_000; Date.now() < until; ) {
    for (const person of people)
      for (const { conversationId, offer } of await engine.offers.openFor(person.id))
        if (conversationId === id) return [person, offer];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('nobody was offered it');
};

/** The assistant is asked while a person is on the way, who takes over `delay` ms into its turn. */
const takeOver = async (people: Person[], delay: number): Promise<Taken> => {
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'person');
  const [person, offer] = await offered(people, id);
  await engine.send(id, 'message-2', 'where is it?');
  await new Promise((resolve) => setTimeout(resolve, delay));
  const clicked = Date.now();
  await person.answer(offer, 'accept');
  const isAgents = () =>
    seen.events.findIndex(({ event }) => event.type === 'owner.changed' && event.owner === 'agent');
  await seen.until(() => isAgents() >= 0, 30_000);
  const ms = Date.now() - clicked;
  await new Promise((resolve) => setTimeout(resolve, 600));
  const after = seen.events.slice(isAgents() + 1).map(({ event }) => event.type);
  const reply = seen.reply(2);
  const stored = (await engine.messages(id)).find((message) => message.id === 'a:2');
  const tools = (type: string) => seen.events.filter(({ event }) => event.type === type).length;
  const torn = [
    ...(reply && reply.end === undefined ? ['a reply without an end'] : []),
    ...(reply && stored?.text !== reply.text ? ['shown and recorded differ'] : []),
    ...(stored && !reply && stored.text !== '' ? ['recorded and never shown'] : []),
    ...(tools('tool.started') > 1 ? ['a tool called twice'] : []),
  ];
  await person.release(id, 'resolve');
  return { cutOff: stored?.end === 'escalated', after: after.filter((type) => type !== 'message.added'), torn, ms };
};

test(`${TAKEOVERS} takeovers at random points of a turn: nothing of the assistant after the acknowledgement`, async () => {
  console.log(`F21_SEED=${SEED}`);
  const random = createRandom(SEED);
  const taken: Taken[] = [];
  const people = Array.from({ length: AT_ONCE }, (_, i) =>
    personAt(engine, desk, { name: `Person ${i}`, capacity: 20 }),
  );
  await Promise.all(people.map((person) => person.become('online')));
  const delays = Array.from({ length: TAKEOVERS }, () => random.int(0, 900));
  const work = Array.from({ length: AT_ONCE }, async () => {
    for (let delay = delays.pop(); delay !== undefined; delay = delays.pop()) taken.push(await takeOver(people, delay));
  });
  await Promise.all(work);
  const times = taken.map(({ ms }) => ms).sort((a, b) => a - b);
  console.log(
    `${taken.length} takeovers, ${taken.filter(({ cutOff }) => cutOff).length} of them cut a reply off; ` +
      `from accept to acknowledgement p50 ${times[Math.floor(times.length / 2)]} ms, p95 ${times[Math.floor(times.length * 0.95)]} ms`,
  );
  expect(taken.flatMap(({ after }) => after)).toEqual([]);
  expect(taken.flatMap(({ torn }) => torn)).toEqual([]);
  expect(taken.filter(({ cutOff }) => cutOff).length).toBeGreaterThan(TAKEOVERS / 10);
}, 280_000);
