import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { intents } from '../../doubles/returns-desk.ts';
import { wordEmbedder } from '../../doubles/word-embedder.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk, personAt } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';

const { desk, loaded } = companyWithDesk({
  entities: [{ name: 'order_number', title: 'Order', pattern: '\\b(1\\d{3})\\b' }],
});
const refunds = `d${randomBytes(6).toString('hex')}`;
const [first] = loaded.playbook.desks;
if (first) loaded.playbook.desks.push({ ...first, name: refunds, title: 'Refunds' });
loaded.playbook.intents = intents.map((intent) =>
  intent.name === 'refund_status' ? { ...intent, desk: refunds } : intent,
);

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model: scriptedModel(() => says('Let me see.')), loaded, embedder: wordEmbedder() });
});
afterAll(() => engine.stop());

test('who asks for a person is asked what about by nobody: the desk is that of what they wanted before, and people see it', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'Where is the refund? My order number is 1042');
  await engine.ended(id, 1);
  await engine.send(id, 'message-2', 'Can I talk to a person about the return policy, please?');
  const ann = personAt(engine, refunds);
  await ann.become('online');
  expect(await ann.accept()).toMatchObject({ conversationId: id, desk: refunds, reason: 'asked' });
  const view = await ann.view(id);
  expect(view?.handoff?.context).toMatchObject({
    intent: { name: 'refund_status', title: 'Where is my refund' },
    facts: [{ name: 'order number', value: '1042' }],
  });
  await ann.release(id, 'resolve');
  await ann.become('offline');
});

test('of whom nothing is known goes to the desk for everybody', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'human please');
  const bob = personAt(engine, desk);
  await bob.become('online');
  expect(await bob.accept()).toMatchObject({ conversationId: id, desk });
  expect((await bob.view(id))?.handoff?.context.intent).toBeNull();
  await bob.release(id, 'resolve');
  await bob.become('offline');
});
