import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { errandsId } from '../../contracts/names.ts';
import { settledTo, startErrands } from '../../workers/errands.ts';
import { createOutsideSystem, type Fate } from '../doubles/outside-system.ts';
import { type Engine, startEngine } from '../engine.ts';
import { payingPlaybook } from '../integration/effects/rig.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const ADA = 'customer:cus_ada';

const model = scriptedModel(({ messages }) => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return says(last.content);
  if (last?.content !== 'pay') return says('Hello.');
  return [
    { type: 'tools', calls: [{ id: 'call_1', name: 'pay', arguments: '{"amount":40}' }] },
    { type: 'finish', reason: 'tools' },
  ];
});

const outside = createOutsideSystem(false);
/** Done, and nothing is heard of it; it cannot be asked either. */
const AWAY = (tool: string): Fate => (tool === 'pay' ? 'answer-lost' : 'never-arrives');

let engine: Engine;
let id: string;
beforeAll(async () => {
  const { budgets } = testPlaybook().playbook;
  const { tools } = payingPlaybook({ lookup: 'find_payment' });
  engine = await startEngine({
    model,
    loaded: testPlaybook({
      tools,
      budgets: { ...budgets, turnSeconds: 8 },
      idle: { warnAfter: 15_000, closeAfter: 16_000 },
    }),
    providers: async () => [outside.provider],
  });
  await engine.client.workflow
    .getHandle(errandsId)
    .terminate('another desk')
    .catch(() => {});
  await startErrands(engine.client);
});
afterAll(async () => {
  await engine?.client.workflow.getHandle(errandsId).terminate('the test is over');
  await engine?.stop();
});
beforeEach(() => {
  id = engine.newConversation();
  outside.payments.length = 0;
  outside.meets(AWAY);
});

const said = async () =>
  (await engine.messages(id)).filter(({ author }) => author === 'assistant').map(({ text }) => text);

const left = async (): Promise<void> => {
  await engine.send(id, 'message-1', 'pay', ADA);
  expect((await engine.ended(id, 1)).text).toContain('"action":"unknown"');
  expect(outside.payments).toHaveLength(1);
};

/** The outside system is back, and it is time to look. */
const settle = async (): Promise<void> => {
  outside.meets(() => 'answers');
  await sql`update effects set look_at = now() where look_at is not null`.execute(engine.database.db);
};

test('what was left unknown is looked up later, and its customer is told once in the conversation', async () => {
  await left();
  await settle();
  expect((await engine.ended(id, 2)).text).toContain('"paymentId":"p1"');
  await settledTo(engine.client)({ conversationId: id, owner: ADA, channel: 'web' }, '1.0');
  await engine.send(id, 'message-2', 'hello', ADA);
  while (!(await said()).includes('Hello.')) await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await said()).filter((text) => text.includes('p1'))).toHaveLength(1);
  expect(outside.payments).toHaveLength(1);
}, 60_000);

test('a conversation that has ended meanwhile goes on to tell it', async () => {
  await left();
  await engine.client.workflow.getHandle(id).result();
  const before = (await said()).length;
  await settle();
  expect((await engine.ended(id, before + 1)).text).toContain('"paymentId":"p1"');
  expect(outside.payments).toHaveLength(1);
}, 60_000);
