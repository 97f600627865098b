import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DeskEvent } from '../../../contracts/events.ts';
import * as names from '../../../contracts/names.ts';
import type { ModelPart } from '../../../integrations/model.ts';
import { createTurns } from '../../../store/turns.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk, deskOf, personAt } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';
import { watch } from '../../watch.ts';

const WORDS = Array.from({ length: 40 }, (_, i) => `word${i} `);
const asksForPerson: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];

const model = scriptedModel(({ messages }) => {
  const text = messages.at(-1)?.content ?? '';
  if (text.startsWith('person')) return asksForPerson;
  if (text.startsWith('speak')) return says(...WORDS).flatMap((part) => [50, part]);
  return says('You said: ', text);
});

const { desk, loaded } = companyWithDesk();
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model, loaded });
});
afterAll(() => engine.stop());

const tasksOf = async (workflowId: string): Promise<number> => {
  const { events } = await engine.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length;
};

/** Resolves when the desk knows this person, and has nothing left to do for it. */
const known = async (agent: string) => {
  while (!(await deskOf(engine, desk).catch(() => null))?.agents.some(({ id }) => id === agent))
    await new Promise((resolve) => setTimeout(resolve, 20));
};

test('a handoff that is accepted at the first offer costs four workflow tasks, and the agent sees everything at once', async () => {
  const ann = personAt(engine, desk, { name: 'Ann' });
  await ann.become('online');
  await known(ann.id);
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  const before = await tasksOf(names.deskWorkflowId(desk));
  await engine.send(id, 'message-1', 'person please');
  const offer = await ann.offer();
  expect(offer).toMatchObject({ conversationId: id, term: 1, reason: 'asked', desk });
  const clicked = Date.now();
  await ann.answer(offer.offer, 'accept');
  const view = await ann.view(id);
  const took = Date.now() - clicked;
  await seen.until((events) => events.some(({ event }) => event.type === 'owner.changed' && event.owner === 'agent'));
  expect(view?.messages.map(({ author, text, end }) => [author, text, end])).toEqual([
    ['customer', 'person please', undefined],
    ['assistant', 'A person will take over.', 'escalated'],
  ]);
  expect(view?.handoff?.context).toMatchObject({
    reason: 'asked',
    tried: [{ turn: 1, end: 'escalated' }],
    customer: null,
  });
  expect(await engine.owners.of(id)).toEqual({ term: 2, heldBy: 'agent', agent: ann.id, desk });
  expect(
    seen.events.flatMap(({ event }) =>
      event.type === 'owner.changed' ? [`${event.owner} ${event.term} ${event.by}`] : [],
    ),
  ).toEqual(['waiting 1 undefined', 'agent 2 Ann']);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const tasks = (await tasksOf(id)) + (await tasksOf(names.deskWorkflowId(desk))) - before;
  console.log(`handoff: ${tasks} workflow tasks, ${took} ms from accept to full view`);
  expect(tasks).toBeLessThanOrEqual(4);
  await ann.release(id, 'resolve');
  await ann.become('offline');
});

test('while an agent has it, both are heard in order and once, and the assistant is silent; given back, it knows what was said', async () => {
  const ann = personAt(engine, desk, { name: 'Ann' });
  await ann.become('online');
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'person');
  await ann.accept();
  for (const [key, text] of [
    ['agent-001', 'Hello, I am Ann.'],
    ['agent-001', 'Hello, I am Ann.'],
    ['agent-002', 'What is it?'],
  ] as const)
    await ann.say(id, key, text);
  await engine.send(id, 'message-2', 'my tent leaks');
  await ann.say(id, 'agent-003', 'I see.');
  await seen.until((events) =>
    events.some(({ event }) => event.type === 'message.added' && event.message.id === 'g:agent-003'),
  );
  expect(await ann.release(id, 'giveBack')).toBe(3);
  await engine.send(id, 'message-3', 'and now?');
  await seen.until((events) => events.some(({ event }) => event.type === 'reply.ended' && event.end === 'final'));
  expect((await engine.messages(id)).map(({ author, text }) => `${author}: ${text}`)).toEqual([
    'customer: person',
    'assistant: A person will take over.',
    'agent: Hello, I am Ann.',
    'agent: What is it?',
    'customer: my tent leaks',
    'agent: I see.',
    'customer: and now?',
    'assistant: You said: and now?',
  ]);
  expect(
    model.prompts
      .at(-1)
      ?.messages.map(({ content }) => content)
      .slice(1),
  ).toEqual([
    'person',
    'A person will take over.',
    'Ann (from the support team): Hello, I am Ann.',
    'Ann (from the support team): What is it?',
    'my tent leaks',
    'Ann (from the support team): I see.',
    'and now?',
  ]);
  expect((await deskOf(engine, desk)).entries).toEqual([]);
  await ann.become('offline');
});

test('a takeover in the middle of a reply: what was shown stays, nothing more is said, and the turn is closed', async () => {
  const ann = personAt(engine, desk, { name: 'Ann' });
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'person');
  await engine.ended(id, 1);
  await engine.send(id, 'message-2', 'speak');
  await seen.until(
    (events) => events.filter(({ event }) => event.type === 'reply.delta' && event.turn === 2).length > 3,
  );
  await ann.become('online');
  const clicked = Date.now();
  await ann.accept();
  await seen.until((events) => events.some(({ event }) => event.type === 'owner.changed' && event.owner === 'agent'));
  console.log(`takeover in the middle of a reply: ${Date.now() - clicked} ms`);
  const at = seen.events.findIndex(({ event }) => event.type === 'owner.changed' && event.owner === 'agent');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(seen.events.slice(at + 1).map(({ event }) => event.type)).toEqual([]);
  const [, , , reply] = await engine.messages(id);
  expect(reply).toMatchObject({ id: 'a:2', end: 'escalated', text: seen.reply(2)?.text.trimEnd() });
  expect(seen.reply(2)?.end).toBe('escalated');
  expect(WORDS.join('').startsWith(reply?.text ?? 'nothing')).toBe(true);
  await ann.release(id, 'resolve');
  await engine.client.workflow.getHandle(id).result();
  await ann.become('offline');
});

test('an agent who vanishes gives the conversation back to the queue, and the next one has it', async () => {
  const ann = personAt(engine, desk, { name: 'Ann' });
  const bob = personAt(engine, desk, { name: 'Bob' });
  await ann.become('online');
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'person');
  await ann.accept();
  await bob.become('online');
  await ann.become('offline');
  expect(await bob.offer()).toMatchObject({ conversationId: id, term: 3 });
  await bob.accept();
  expect(await engine.owners.of(id)).toMatchObject({ term: 4, heldBy: 'agent', agent: bob.id });
  await expect(ann.release(id, 'giveBack')).rejects.toThrow();
  const cat = personAt(engine, desk, { name: 'Cat' });
  await cat.become('online');
  await bob.release(id, 'transfer', { wish: cat.id });
  expect(await cat.offer()).toMatchObject({ conversationId: id, term: 5, reason: 'transfer' });
  await cat.accept();
  await cat.release(id, 'resolve');
  await engine.client.workflow.getHandle(id).result();
  await engine.send(id, 'message-2', 'hello again');
  expect((await engine.ended(id, 2)).text).toBe('You said: hello again');
  for (const one of [bob, cat]) await one.become('offline');
});

test('a worker that was frozen before the takeover and wakes up can neither show nor record a word', async () => {
  const ann = personAt(engine, desk, { name: 'Ann' });
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'person');
  await engine.ended(id, 1);
  const nothing = { once: [], always: () => [] };
  const frozen = await engine.events.open(id, { term: 1, turn: 2 }, nothing);
  if (typeof frozen === 'string') throw new Error(`unexpectedly ${frozen}`);
  const turns = createTurns(engine.database.db);
  expect((await turns.claim(frozen, [], 0)).kind).toBe('claimed');
  await ann.become('online');
  await ann.accept();
  const late: DeskEvent = { type: 'reply.delta', turn: 2, attempt: 1, offset: 0, text: 'late' };
  expect(await engine.events.append(frozen, [late])).toBe('stale');
  expect(await engine.events.open(id, { term: 1, turn: 3 }, nothing)).toBe('stale');
  expect(await engine.events.announce(id, 1, [late])).toBe('stale');
  const reply = { id: 'a:2', text: 'late', end: 'final' as const, sources: [], at: new Date().toISOString() };
  expect(await turns.finish(frozen, reply)).toBe(false);
  expect((await turns.claim({ ...frozen, turn: 3 }, [], 0)).kind).toBe('refused');
  await ann.release(id, 'resolve');
  await ann.become('offline');
});
