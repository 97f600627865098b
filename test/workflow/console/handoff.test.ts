import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { conversationList, conversationView, floor, me } from '../../../contracts/console.ts';
import type { ModelPart } from '../../../integrations/model.ts';
import { accountOf, addAgent, browserAt, type ConsoleNode, startConsoleNode } from '../../console.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';

const asksForPerson: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'talk_to_person', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];
const model = scriptedModel(({ messages }) => {
  const text = messages.at(-1)?.content ?? '';
  return text.startsWith('person') ? asksForPerson : says('You said: ', text);
});

const { desk, loaded } = companyWithDesk();
let engine: Engine;
let node: ConsoleNode;
let other: ConsoleNode;
beforeAll(async () => {
  engine = await startEngine({ model, loaded });
  const parts = { databaseUrl: engine.database.url, loaded };
  [node, other] = await Promise.all([startConsoleNode(parts), startConsoleNode(parts)]);
  for (const id of ['ann', 'bob']) await addAgent(engine.database.db, accountOf(`${id}-${desk}`, [desk], { name: id }));
  await addAgent(engine.database.db, accountOf(`sue-${desk}`, [desk], { role: 'supervisor' }));
});
afterAll(async () => {
  await Promise.all([node.app.close(), other.app.close()]);
  await engine.stop();
});

const commandId = () => `command-${Math.random().toString(36).slice(2)}-${Date.now()}`;

test('an agent accepts, sees everything, writes, is seen typing, and gives it back; a supervisor on another node sees it all', async () => {
  const ann = await browserAt(node.origin).signIn(`ann-${desk}`);
  const sue = await browserAt(other.origin).signIn(`sue-${desk}`);
  const console = await ann.socket();
  const supervisor = await sue.socket();
  await Promise.all([console.hello(), supervisor.hello()]);
  expect(me.parse((await ann.get('me')).body)).toMatchObject({ id: `ann-${desk}`, status: 'away', desks: [desk] });
  expect((await ann.post('status', { status: 'online' })).status).toBe(204);
  expect((await ann.get('me')).body.status).toBe('online');

  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'person please');
  const offer = await console.frame('offer.opened', ({ conversationId }) => conversationId === id);
  const answered = await ann.post('offers', { desk, offer: offer.offer, answer: 'accept', commandId: commandId() });
  expect([answered.status, answered.body]).toEqual([200, { conversationId: id }]);

  const view = conversationView.parse((await ann.get(`conversations/${id}`)).body);
  expect(view.entry).toMatchObject({
    owner: 'agent',
    agent: { id: `ann-${desk}`, name: 'ann' },
    desk,
    reason: 'asked',
  });
  expect(view.messages.map(({ author, text }) => [author, text])).toEqual([
    ['customer', 'person please'],
    ['assistant', 'A person will take over.'],
  ]);
  expect(view.handoff?.context.tried).toHaveLength(1);
  const mine = conversationList.parse((await ann.get('conversations?view=mine')).body);
  expect(mine.conversations.map((entry) => entry.id)).toEqual([id]);

  console.send({ type: 'watch', conversation: id, position: view.position });
  supervisor.send({ type: 'watch', conversation: id });
  expect(await console.frame('watching')).toMatchObject({ conversation: id, resumed: true });
  expect(await supervisor.frame('snapshot')).toMatchObject({ conversation: id });
  await console.frame('presence', ({ viewers }) => viewers.some((viewer) => viewer.id === `sue-${desk}`));
  console.send({ type: 'typing', conversation: id });
  await supervisor.frame('presence', ({ viewers }) => viewers.some(({ id, typing }) => id === `ann-${desk}` && typing));
  await supervisor.frame('events', ({ events }) => events.some(({ event }) => event.type === 'agent.typing'));

  const message = { clientMessageId: 'agent-message-1', text: 'Hello, I am Ann.' };
  const sent = [
    await ann.post(`conversations/${id}/messages`, message),
    await ann.post(`conversations/${id}/messages`, message),
  ];
  expect(sent.map(({ status }) => status)).toEqual([202, 202]);
  await supervisor.frame('events', ({ events }) =>
    events.some(({ event }) => event.type === 'message.added' && event.message.text === message.text),
  );
  expect((await sue.post(`conversations/${id}/messages`, { ...message, clientMessageId: 'of-sue-01' })).status).toBe(
    409,
  );

  const note = { id: 'note-0001', text: 'Only among us.' };
  expect(
    [await sue.post(`conversations/${id}/notes`, note), await sue.post(`conversations/${id}/notes`, note)].map(
      ({ status }) => status,
    ),
  ).toEqual([201, 201]);
  await console.frame('changed', ({ what, conversation }) => what === 'view' && conversation === id);
  const seen = conversationView.parse((await ann.get(`conversations/${id}`)).body);
  expect(seen.notes).toMatchObject([{ ...note, by: { id: `sue-${desk}` } }]);
  expect(seen.messages.filter(({ text }) => text === message.text)).toHaveLength(1);

  const onFloor = floor.parse((await sue.get('floor')).body).desks.find(({ name }) => name === desk);
  expect(onFloor).toMatchObject({ switch: 'hours', open: true });
  expect(onFloor?.waitedP50Ms).toEqual(expect.any(Number));
  expect(onFloor?.agents.find(({ id }) => id === `ann-${desk}`)).toMatchObject({
    status: 'online',
    load: 1,
    ringing: null,
  });
  expect(onFloor?.entries).toMatchObject([{ id, place: 'held', agent: `ann-${desk}`, position: 0 }]);

  const release = { term: view.entry.term, how: 'giveBack', commandId: commandId() };
  expect((await sue.post(`conversations/${id}/release`, { ...release, commandId: commandId() })).status).toBe(409);
  const released = [
    await ann.post(`conversations/${id}/release`, release),
    await ann.post(`conversations/${id}/release`, release),
  ];
  expect(released.map(({ status, body }) => [status, body])).toEqual([
    [200, { term: 3 }],
    [200, { term: 3 }],
  ]);
  expect((await ann.get('conversations?view=mine')).body.conversations).toEqual([]);
  const recent = async () =>
    (await ann.get('conversations?view=recent')).body.conversations.map((entry: { id: string }) => entry.id);
  while (!(await recent()).includes(id)) await new Promise((resolve) => setTimeout(resolve, 50));
  await Promise.all([console.end(), supervisor.end()]);
});
