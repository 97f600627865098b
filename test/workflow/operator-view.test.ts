import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { ModelUnavailable } from '../../integrations/model.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const { EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: UPSERT } = temporal.api.enums.v1.EventType;

let busy = false;
const model = scriptedModel(() => {
  if (busy) throw new ModelUnavailable('429', 1_000);
  return says('Yes.');
});

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model, loaded: testPlaybook({ idle: { warnAfter: 6_000, closeAfter: 8_000 } }) });
});
afterAll(() => engine.stop());

const handle = (id: string) => engine.client.workflow.getHandle(id);
const attributes = async (id: string) => {
  const { searchAttributes } = await handle(id).describe();
  return Object.fromEntries(
    Object.entries(searchAttributes).flatMap(([name, value]) => (name.startsWith('Desk') ? [[name, value?.[0]]] : [])),
  );
};
const detailsOf = async (id: string) =>
  (await handle(id).query<{ currentDetails: string }, []>('__temporal_workflow_metadata')).currentDetails;

/** Takes `turns` turns, one after the other. */
const talk = async (id: string, turns: number, from = 1) => {
  for (let turn = from; turn < from + turns; turn += 1) {
    await engine.send(id, `message-${turn}`, 'Is it so?');
    await engine.ended(id, turn);
  }
};

test('from the start to the end an operator can list it, and two upserts of ten turns is all it costs', async () => {
  const id = engine.newConversation();
  await talk(id, 1);
  await engine.settled(id, 1);
  const start = { DeskStatus: 'open', DeskOwner: 'assistant', DeskChannel: 'web', DeskPlaybook: 'test-playbook-01' };
  expect(await attributes(id)).toEqual(start);
  expect(await detailsOf(id)).toMatch(/^\*\*Waits for the customer\*\*, silent since .+\n\n- turns taken: 1$/);

  await talk(id, 9, 2);
  await engine.settled(id, 10);
  expect(await attributes(id)).toEqual({ ...start, DeskTurns: 10 });
  const { events } = await handle(id).fetchHistory();
  expect((events ?? []).filter(({ eventType }) => eventType === UPSERT)).toHaveLength(2);

  await handle(id).result();
  expect(await attributes(id)).toEqual({ ...start, DeskStatus: 'resolved', DeskTurns: 12 });
  expect(await detailsOf(id)).toMatch(/^\*\*Resolved\*\*/);

  await talk(id, 1, 13);
  await engine.settled(id, 1);
  expect(await attributes(id)).toEqual(start);
});

test('while the model is away, the details say so and the activity says why it runs', async () => {
  const id = engine.newConversation();
  busy = true;
  await engine.send(id, 'message-1', 'Is it so?');
  let waiting = '';
  while (!waiting.includes('the model')) waiting = await detailsOf(id);
  expect(waiting).toMatch(/^\*\*Waits for the model\*\* in the queue `assistant`, until 20/);
  busy = false;
  await engine.ended(id, 1);
  const { events = [] } = await handle(id).fetchHistory();
  const summaries = (events ?? []).flatMap(({ userMetadata }) => userMetadata?.summary?.data ?? []);
  expect(summaries.map((data) => Buffer.from(data).toString('utf8'))).toEqual([
    '"turn 1: again, because the model was away"',
  ]);
});

test('a run that goes on in a new one keeps what it shows', async () => {
  const id = engine.newConversation();
  await talk(id, 1);
  const { runId } = await handle(id).describe();
  let turns = 1;
  while ((await handle(id).describe()).runId === runId) {
    turns += 1;
    await talk(id, 1, turns);
  }
  const { DeskTurns, ...rest } = await attributes(id);
  expect(DeskTurns).toBeGreaterThan(turns - 2);
  expect(rest).toEqual({
    DeskStatus: 'open',
    DeskOwner: 'assistant',
    DeskChannel: 'web',
    DeskPlaybook: 'test-playbook-01',
  });
});

test('every saved query of the operations page is one that the server understands', async () => {
  const [, page = ''] = readFileSync('docs/operations.md', 'utf8').split('### Saved queries');
  const [table = ''] = page.split('###');
  const queries = [...table.matchAll(/\| `([^`]+)` \|$/gm)].map(([, query]) => query);
  expect(queries.length).toBeGreaterThan(5);
  for (const query of queries) await engine.client.workflow.count(query);
});
