import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const model = scriptedModel(({ messages }) => says('You said: ', messages.at(-1)?.content ?? ''));

let engine: Engine;
let id: string;
beforeAll(async () => {
  engine = await startEngine({ model, loaded: testPlaybook({ idle: { warnAfter: 1_500, closeAfter: 3_000 } }) });
});
afterAll(() => engine.stop());
beforeEach(() => {
  id = engine.newConversation();
});

const texts = async () => (await engine.messages(id)).map(({ text }) => text);
const describeRun = () => engine.client.workflow.getHandle(id).describe();

test('silence is met with a warning, then the end; the next message opens the conversation again, with what was said', async () => {
  await engine.send(id, 'message-1', 'hello');
  const first = await describeRun();
  await engine.client.workflow.getHandle(id).result();
  expect(await texts()).toEqual(['hello', 'You said: hello', 'Are you still there?', 'I close this conversation.']);

  await Promise.all([engine.send(id, 'message-1', 'hello'), engine.send(id, 'message-2', 'back again')]);
  expect((await engine.ended(id, 4)).text).toBe('You said: back again');
  expect((await describeRun()).runId).not.toBe(first.runId);
  expect(
    model.prompts
      .at(-1)
      ?.messages.slice(1)
      .map(({ content }) => content),
  ).toEqual([...(await texts()).slice(0, 5)]);
  expect((await texts()).filter((text) => text === 'hello')).toHaveLength(1);
});

test('the end of a customer’s conversation is a note in the CRM, once for each end', async () => {
  await engine.database.db.insertInto('customers').values({ id: 'ada', name: 'Ada' }).execute();
  const notes = async () => {
    const { rows } = await sql<{ text: string }>`select text from customer_notes order by id`.execute(
      engine.database.db,
    );
    return rows.map(({ text }) => text);
  };
  await engine.send(id, 'message-1', 'hello', 'customer:ada');
  await engine.client.workflow.getHandle(id).result();
  expect(await notes()).toEqual([expect.stringContaining('You said: hello')]);
  await engine.send(id, 'message-2', 'back again', 'customer:ada');
  await engine.client.workflow.getHandle(id).result();
  expect(await notes()).toEqual([
    expect.not.stringContaining('back again'),
    expect.stringContaining('You said: back again'),
  ]);
});

test('a word before the end keeps the conversation open', async () => {
  await engine.send(id, 'message-1', 'hello');
  await engine.ended(id, 2);
  await engine.send(id, 'message-2', 'still here');
  expect((await engine.ended(id, 3)).text).toBe('You said: still here');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect((await describeRun()).status.name).toBe('RUNNING');
});

test('a conversation of many turns goes on in new runs, and loses, doubles and reorders nothing', async () => {
  const said: string[] = [];
  await engine.send(id, 'message-first', 'first');
  const first = await describeRun();
  // The busier the machine, the more messages share a turn: as many as it takes, and twenty after that.
  for (let i = 0, end = 400; i < end; i += 1) {
    const key = `message-${i}`;
    said.push(key);
    await engine.send(id, key, key);
    if (i % 3 === 0) await engine.send(id, key, key);
    await new Promise((resolve) => setTimeout(resolve, 25));
    if (i % 10 === 0 && end === 400 && (await describeRun()).runId !== first.runId) end = i + 20;
  }
  await engine.client.workflow.getHandle(id).result();
  const customer = (await engine.messages(id)).filter(({ author }) => author === 'customer');
  expect(customer.map(({ text }) => text)).toEqual(['first', ...said]);
  expect((await describeRun()).runId).not.toBe(first.runId);
});
