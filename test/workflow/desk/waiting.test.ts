import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ModelPart, ModelRefused } from '../../../integrations/model.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk, deskOf, personAt } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';
import { watch } from '../../watch.ts';

const asksForPerson: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];
const model = scriptedModel(({ messages }) => {
  const text = messages.at(-1)?.content ?? '';
  if (text === 'refused') throw new ModelRefused('the key is wrong');
  return text === 'person' ? asksForPerson : says('You said: ', text);
});

const { desk, loaded } = companyWithDesk(
  {
    handoff: { desk: '', askedForPerson: true, talksWhileWaiting: true, repeatedFailure: 2, intents: [], tiers: [] },
    sla: { firstReply: 2_000, nextReply: 60_000, resolution: 3_600_000 },
  },
  { maxWait: { after: 8_000, as: 'ticket' } },
);
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model, loaded });
});
afterAll(() => engine.stop());

const reached = async (id: string): Promise<string[]> => {
  const rows = await engine.database.db
    .selectFrom('records')
    .select('detail')
    .where('conversation_id', '=', id)
    .where('type', '=', 'sla.reached')
    .orderBy('id')
    .execute();
  return rows.map(({ detail }) => {
    const { clock, kind } = Object.fromEntries(Object.entries(detail));
    return `${clock} ${kind}`;
  });
};

test('nobody comes: the SLA is breached and moves it forward, the assistant talks on, and at last there is one ticket', async () => {
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'person');
  await engine.send(id, 'message-2', 'meanwhile?');
  expect((await engine.ended(id, 2)).text).toBe('You said: meanwhile?');
  await seen.until((events) => events.some(({ event }) => event.type === 'queue.changed' && event.position === 1));
  while ((await reached(id)).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await reached(id)).toEqual(['firstReply warning', 'firstReply breach']);
  const entries = async () => (await deskOf(engine, desk)).entries;
  while ((await entries())[0]?.priority !== 3) await new Promise((resolve) => setTimeout(resolve, 50));
  await seen.until(
    (events) => events.some(({ event }) => event.type === 'owner.changed' && event.owner === 'assistant'),
    20_000,
  );
  expect((await engine.messages(id)).at(-1)).toMatchObject({
    author: 'assistant',
    text: 'We write to you.',
    end: 'escalated',
  });
  const tickets = () => engine.database.db.selectFrom('tickets').select('text').execute();
  while ((await tickets()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await tickets()).toEqual([{ text: expect.stringContaining('meanwhile?') }]);
  expect(await entries()).toEqual([]);
  await engine.send(id, 'message-3', 'hello?');
  expect((await engine.ended(id, 4)).text).toBe('You said: hello?');
  expect(await tickets()).toHaveLength(1);
});

test('asked for a person again while one is on the way, the customer is told so, and is in the queue once', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'person');
  await engine.ended(id, 1);
  await engine.send(id, 'message-2', 'person');
  expect(await engine.ended(id, 2)).toMatchObject({ text: 'A person will take over.', end: 'final' });
  expect((await deskOf(engine, desk)).entries).toHaveLength(1);
  const ann = personAt(engine, desk);
  await ann.become('online');
  await ann.accept();
  await ann.say(id, 'agent-001', 'Here I am.');
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect((await reached(id)).filter((text) => text.endsWith('breach'))).toEqual([]);
  await ann.release(id, 'resolve');
  await ann.become('offline');
});

test('two turns in a row that fail bring a person, and the customer is told; the third brings no second one', async () => {
  const id = engine.newConversation();
  for (const turn of [1, 2]) {
    await engine.send(id, `message-${turn}`, 'refused');
    await engine.ended(id, turn);
  }
  expect(await engine.ended(id, 3)).toMatchObject({ text: 'A person will take over.', end: 'escalated' });
  for (const turn of [4, 5]) {
    await engine.send(id, `message-${turn}`, 'refused');
    await engine.ended(id, turn);
  }
  expect(await engine.owners.of(id)).toMatchObject({ heldBy: 'waiting', term: 1 });
  const entries = (await deskOf(engine, desk)).entries.filter(({ conversationId }) => conversationId === id);
  expect(entries).toMatchObject([{ reason: 'repeatedFailure', term: 1 }]);
});
