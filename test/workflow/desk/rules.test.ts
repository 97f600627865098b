import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as names from '../../../contracts/names.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk, deskOf, personAt } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';
import { watch } from '../../watch.ts';

const model = scriptedModel(({ messages }) => says('You said: ', messages.at(-1)?.content ?? ''));

const { desk, loaded } = companyWithDesk(
  {
    handoff: {
      ...{ desk: '', askedForPerson: true, talksWhileWaiting: true, intents: [], tiers: ['Summit'] },
      ...{ sentimentBelow: -0.6, repeatedlyUnanswered: 2 },
    },
    tickets: { on: ['handoff'] },
    idle: { warnAfter: 600_000, closeAfter: 900_000 },
  },
  { whenClosed: 'assistant' },
);
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model, loaded });
});
afterAll(() => engine.stop());

const reasonOf = async (id: string) =>
  (await deskOf(engine, desk)).entries.find(({ conversationId }) => conversationId === id)?.reason;

test.each([
  ['asked', 'Can I speak to a human being?'],
  ['sentiment', 'This is a horrible scam, you are the worst!'],
])('%s: the playbook’s rule brings a person without a word of the model', async (reason, text) => {
  const id = engine.newConversation();
  const asked = model.prompts.length;
  await engine.send(id, 'message-1', text);
  expect(await engine.ended(id, 1)).toMatchObject({ text: 'A person will take over.', end: 'escalated' });
  expect(model.prompts.length).toBe(asked);
  while ((await reasonOf(id)) === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await reasonOf(id)).toBe(reason);
  await engine.send(id, 'message-2', 'this is horrible, the worst scam');
  expect(await engine.ended(id, 2)).toMatchObject({ text: 'You said: this is horrible, the worst scam' });
});

test('a customer of a tier that is for people is served by people', async () => {
  await engine.database.db.insertInto('customers').values({ id: 'eve', name: 'Eve', tier: 'Summit' }).execute();
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'hello there', 'customer:eve');
  await engine.ended(id, 1);
  while ((await reasonOf(id)) === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await reasonOf(id)).toBe('tier');
});

test('the button brings a person in the middle of nothing, once, and a ticket with it, once', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'hello there');
  await engine.ended(id, 1);
  const handle = engine.client.workflow.getHandle(id);
  await handle.signal(names.personWanted);
  await handle.signal(names.personWanted);
  expect(await engine.ended(id, 2)).toMatchObject({ text: 'A person will take over.', end: 'escalated' });
  const tickets = () =>
    engine.database.db.selectFrom('conversation_tickets').selectAll().where('conversation_id', '=', id).execute();
  while ((await tickets()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const ann = personAt(engine, desk);
  await ann.become('online');
  const others = new Set<string>();
  for (let offer = await ann.accept(); offer.conversationId !== id; offer = await ann.accept()) {
    others.add(offer.conversationId);
    await ann.release(offer.conversationId, 'resolve');
  }
  const seen = await watch(engine.reader, id);
  expect(await ann.release(id, 'resolve', { outcome: 'agent', note: 'sent a new one' })).toBe(3);
  await handle.result();
  expect(seen.events.map(({ event }) => event).filter(({ type }) => type === 'conversation.resolved')).toEqual([
    { type: 'conversation.resolved', by: 'agent', rate: true },
  ]);
  const row = await engine.database.db
    .selectFrom('conversations')
    .select(['status', 'outcome', 'outcome_reason', 'sla'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ status: 'resolved', outcome: 'agent', outcome_reason: 'sent a new one', sla: [] });
  expect(await tickets()).toMatchObject([{ status: 'solved' }]);
  await ann.become('offline');
});

test('what an agent must know is there before the offer: intent, mood, facts, tickets, clocks', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'My order number is 1042, and this is urgent.');
  await engine.ended(id, 1);
  await engine.send(id, 'message-2', 'You are the worst, horrible!');
  const bob = personAt(engine, desk);
  await bob.become('online');
  for (let offer = await bob.offer(); offer.conversationId !== id; offer = await bob.offer()) {
    await bob.answer(offer.offer, 'accept');
    await bob.release(offer.conversationId, 'resolve');
  }
  const view = await bob.view(id);
  expect(view?.handoff?.context).toMatchObject({
    ...{ reason: 'sentiment', language: 'en', intent: null, urgent: false, summary: null },
    facts: [{ name: 'order number', value: '1042' }],
  });
  expect(view?.handoff?.context.sentiment).toBeLessThan(-0.6);
  const standing = async () =>
    (await engine.database.db.selectFrom('conversations').select('sla').where('id', '=', id).executeTakeFirstOrThrow())
      .sla;
  while ((await standing()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await standing()).map(({ clock, state }) => [clock, state])).toEqual([
    ['firstReply', 'running'],
    ['resolution', 'running'],
  ]);
  await bob.accept();
  await bob.say(id, 'agent-001', 'I am so sorry.');
  while ((await standing()).length !== 1) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await standing()).toEqual([{ clock: 'resolution', dueAt: null, state: 'paused' }]);
  await bob.release(id, 'giveBack');
  while ((await standing()).length !== 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await bob.become('offline');
});

test('a draft goes to the agent who asked for it and to nobody else, and nothing of it is said', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'human please');
  const cat = personAt(engine, desk);
  await cat.become('online');
  await cat.accept();
  await engine.send(id, 'message-2', 'my tent leaks');
  while (!(await engine.messages(id)).some(({ text }) => text === 'my tent leaks'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const before = (await engine.messages(id)).length;
  const news = await cat.news();
  const wanted = { commandId: 'command-draft-1', agent: cat.id, term: 2 };
  await engine.client.workflow.getHandle(id).signal(names.suggestReply, wanted);
  while (news.at(-1)?.type !== 'suggestion.ended') await new Promise((resolve) => setTimeout(resolve, 20));
  expect(news.at(-1)).toEqual({
    ...{ type: 'suggestion.ended', conversation: id, commandId: 'command-draft-1', attempt: 1 },
    ...{ text: 'You said: my tent leaks', sources: [] },
  });
  const deltas = news.flatMap((one) => (one.type === 'suggestion.delta' ? [one.text] : []));
  expect('You said: my tent leaks'.startsWith(deltas.join(''))).toBe(true);
  expect(model.prompts.at(-1)?.messages[0]?.content).toContain('in their name and not as an assistant');
  expect(model.prompts.at(-1)?.tools).toEqual([]);
  expect(await engine.messages(id)).toHaveLength(before);
  await cat.release(id, 'resolve');
  await cat.become('offline');
});
