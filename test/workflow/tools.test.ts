import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import type { ModelPart, Prompt } from '../../integrations/model.ts';
import { createToolProviders } from '../../integrations/tool-providers.ts';
import { seedAcme } from '../../local/acme/seed.ts';
import { loadPlaybook } from '../../playbook.ts';
import { type Engine, startEngine } from '../engine.ts';
import { says, scriptedModel } from '../scripted-model.ts';
import { watch } from '../watch.ts';

const ADA = 'customer:cus_ada';
const FOLDER = 'local/acme';

const calls = (...wanted: [name: string, args: string][]): ModelPart[] => [
  { type: 'text', text: 'Let me look.' },
  { type: 'tools', calls: wanted.map(([name, args], i) => ({ id: `call_${i}`, name, arguments: args })) },
  { type: 'finish', reason: 'tools' },
];

/** Calls what the customer's message spells out as JSON, then repeats what the tools returned. */
const model = scriptedModel(({ messages }: Prompt) => {
  const last = messages.at(-1);
  if (last?.role === 'tool')
    return says(
      messages
        .filter(({ role }) => role === 'tool')
        .map(({ content }) => content)
        .join(' | '),
    );
  return calls(...(JSON.parse(last?.content ?? '[]') as [string, string][]));
});

let engine: Engine;
let id: string;
beforeAll(async () => {
  const loaded = await loadPlaybook(FOLDER);
  engine = await startEngine({
    model,
    loaded,
    providers: async (databaseUrl) => {
      await seedAcme({ databaseUrl });
      return createToolProviders(loaded.playbook.providers, {
        folder: FOLDER,
        settings: { DATABASE_URL: databaseUrl },
      });
    },
  });
});
afterAll(() => engine.stop());
beforeEach(() => {
  id = engine.newConversation();
});

const ask = async (wanted: [string, string][], owner = ADA) => {
  await engine.send(id, 'message-1', JSON.stringify(wanted), owner);
  return (await engine.ended(id, 1)).text;
};
const order = (orderNumber: string, more = {}): [string, string] => [
  'get_order',
  JSON.stringify({ orderNumber, ...more }),
];

test('the order’s true state comes from the shop through a tool call, without an activity task', async () => {
  const seen = await watch(engine.reader, id);
  const text = await ask([order('1042')]);
  expect(text).toMatch(/^Let me look\.\n\n/);
  expect(JSON.parse(text.slice('Let me look.\n\n'.length))).toMatchObject({ number: '1042', status: 'shipped' });
  await engine.settled(id, 1);
  const events = (await engine.client.workflow.getHandle(id).fetchHistory()).events ?? [];
  const { EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, EVENT_TYPE_WORKFLOW_TASK_COMPLETED } = temporal.api.enums.v1.EventType;
  expect(events.filter(({ eventType }) => eventType === EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)).toEqual([]);
  expect(events.filter(({ eventType }) => eventType === EVENT_TYPE_WORKFLOW_TASK_COMPLETED)).toHaveLength(1);
  await seen.until(() => seen.reply(1)?.end === 'final');
  expect(seen.reply(1)?.text).toBe(text);
  expect(seen.events.map(({ event }) => event).filter(({ type }) => type.startsWith('tool.'))).toMatchObject([
    { type: 'tool.started', call: 0, name: 'get_order', title: 'Looking up your order' },
    { type: 'tool.ended', call: 0, name: 'get_order', ok: true },
  ]);
});

test('another customer’s order does not exist, whatever the model says', async () => {
  const foreign = await ask([order('1042')], 'customer:cus_ben');
  expect(foreign).toContain('not_found');
  id = engine.newConversation();
  expect(await ask([order('9999')], 'customer:cus_ben')).toBe(foreign);
});

test('a customer named by the model, a tool that is not there and broken JSON are refused, and the turn ends', async () => {
  const text = await ask(
    [order('1042', { customerId: 'cus_ada' }), ['drop_tables', '{}'], ['get_order', '{"orderNumber":']],
    'customer:cus_ben',
  );
  expect(text.match(/"error":"\w+"/g)).toEqual([
    '"error":"bad_arguments"',
    '"error":"unknown_tool"',
    '"error":"bad_json"',
  ]);
  const refused = await engine.database.db
    .selectFrom('audit')
    .select(['action', 'detail'])
    .where('subject', '=', id)
    .orderBy('id')
    .execute();
  expect(refused.map(({ action }) => action)).toEqual(['tool.refused', 'tool.refused', 'tool.refused']);
});

test('a visitor has no tool that needs to know who they are', async () => {
  expect(await ask([order('1042')], 'visitor:0123456789012345678901')).toContain('not_allowed');
  expect(model.prompts.at(-2)?.tools.map(({ name }) => name)).toEqual(['talk_to_person']);
});

test('fifty calls at once are cut to what a turn may do', async () => {
  await ask(Array.from({ length: 50 }, () => order('1042')));
  const steps = await engine.database.db.selectFrom('steps').select('call').where('conversation_id', '=', id).execute();
  const { playbook } = await loadPlaybook(FOLDER);
  expect(steps).toHaveLength(playbook.budgets.toolCallsPerTurn);
});
