import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Action, ActionDecision } from '../contracts/actions.ts';
import * as names from '../contracts/names.ts';
import { type ModelPart, ModelRefused, ModelUnavailable } from '../integrations/model.ts';
import { createToolProviders } from '../integrations/tool-providers.ts';
import { seedAcme } from '../local/acme/seed.ts';
import { loadPlaybook } from '../playbook.ts';
import { type Engine, startEngine } from './engine.ts';
import { ALWAYS, personAt } from './people.ts';
import { HISTORIES } from './replay/histories.ts';
import { says, scriptedModel } from './scripted-model.ts';
import { startServices } from './services.ts';

// Entry of `npm run record`: records the histories that replay is tested with, what each scenario leaves in Temporal, as real
// conversations do.

const FOLDER = 'local/acme';
const ADA = 'customer:cus_ada';
/** Takes what no intent sends elsewhere. */
const DESK = 'orders';
let failures = 0;

const wants = (name: string, args: object): ModelPart[] => [
  { type: 'tools', calls: [{ id: 'call_1', name, arguments: JSON.stringify(args) }] },
  { type: 'finish', reason: 'tools' },
];

const model = scriptedModel(({ messages }) => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return says('It is on its way.');
  const [, amount] = /^refund (\d+)$/.exec(last?.content ?? '') ?? [];
  if (amount !== undefined) return wants('request_refund', { orderNumber: '1042', amount: Number(amount) });
  switch (last?.content) {
    case 'undo':
      return wants('undo_action', { action: '1.0' });
    case 'order':
      return wants('get_order', { orderNumber: '1042' });
    case 'slowly':
      return [6_000, ...says('That took a while.')];
    case 'refused':
      throw new ModelRefused('the key is wrong');
    case 'busy':
      if (failures-- > 0) throw new ModelUnavailable('429', 300);
  }
  return says('You said: ', last?.content ?? '');
});

/** Both histories of a handoff: the conversation's, and that of the desk which it waited at. */
const handedOver = async (engine: Engine, id: string): Promise<void> => {
  const ann = personAt(engine, DESK, { name: 'Ann' });
  const bob = personAt(engine, DESK, { name: 'Bob' });
  await engine.send(id, 'message-1', 'human please');
  await ann.become('online');
  await ann.answer((await ann.offer()).offer, 'decline');
  await engine.send(id, 'message-2', 'hello');
  await engine.ended(id, 2);
  await bob.become('online');
  await bob.accept();
  await bob.say(id, 'agent-001', 'Hello, I am Bob.');
  await engine.send(id, 'message-3', 'my tent leaks');
  await engine.client.workflow
    .getHandle(id)
    .signal(names.suggestReply, { commandId: 'command-draft', agent: bob.id, term: 2 });
  await bob.release(id, 'transfer', { wish: ann.id });
  await ann.accept();
  await ann.release(id, 'giveBack');
  await engine.send(id, 'message-4', 'hello again');
  while ((await engine.messages(id)).at(-1)?.author !== 'assistant') await pause(50);
  await bob.become('away');
  await ann.become('online');
  await engine.client.workflow.getHandle(id).signal(names.personWanted);
  await ann.accept();
  await bob.become('online');
  await ann.become('offline');
  await bob.accept();
  await bob.release(id, 'resolve', { outcome: 'agent', note: 'solved' });
  await engine.client.workflow.getHandle(id).result();
  await bob.become('offline');
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Scenarios by the name of their file. Each says what it needs and resolves when its last turn has ended. */
const SCENARIOS: Record<string, (engine: Engine, id: string) => Promise<void>> = {
  plain: async (engine, id) => {
    await engine.send(id, 'message-1', 'hello');
    await engine.ended(id, 1);
    await engine.send(id, 'message-2', 'again');
    await engine.ended(id, 2);
  },
  tools: async (engine, id) => {
    await engine.send(id, 'message-1', 'order', ADA);
    await engine.ended(id, 1);
  },
  effect: async (engine, id) => {
    await engine.send(id, 'message-1', 'refund 40', ADA);
    await engine.ended(id, 1);
    await decided(engine, id, 'confirm');
    await engine.ended(id, 2);
    await engine.send(id, 'message-2', 'undo', ADA);
    await engine.ended(id, 3);
    await decided(engine, id, 'confirm');
    await engine.ended(id, 4);
    await engine.send(id, 'message-3', 'refund 41', ADA);
    await engine.ended(id, 5);
    await decided(engine, id, 'cancel');
    await engine.ended(id, 6);
    await engine.client.workflow.getHandle(id).signal(names.effectSettled, '1.0');
    await engine.ended(id, 7);
  },
  approval: async (engine, id) => {
    await engine.send(id, 'message-1', 'refund 140', ADA);
    await engine.ended(id, 1);
    const { argumentsHash } = await decided(engine, id, 'confirm');
    await engine.ended(id, 2);
    const decision = { action: '1.0', argumentsHash, by: 'grace' };
    await engine.decideApproval(id, {
      ...decision,
      decision: 'approve',
      arguments: '{"orderNumber":"1042","amount":0}',
    });
    await engine.decideApproval(id, { ...decision, decision: 'approve' });
    await engine.ended(id, 3);
  },
  'together-and-resent': async (engine, id) => {
    await engine.send(id, 'message-1', 'slowly');
    for (const key of ['message-2', 'message-1', 'message-2', 'message-3']) await engine.send(id, key, 'more');
    await engine.ended(id, 2);
  },
  'slow-path': async (engine, id) => {
    failures = 2;
    await engine.send(id, 'message-1', 'busy');
    await engine.ended(id, 1);
  },
  refused: async (engine, id) => {
    await engine.send(id, 'message-1', 'refused');
    await engine.ended(id, 1);
  },
  'log-lost': async (engine, id) => {
    await engine.send(id, 'message-1', 'slowly');
    await pause(500);
    await engine.redis.flushall();
    await engine.ended(id, 1);
  },
  'store-away': async (engine, id) => {
    await engine.send(id, 'message-1', 'hello');
    await engine.ended(id, 1);
    await engine.database.readOnly(true);
    await engine.send(id, 'message-2', 'refused');
    await pause(3_000);
    await engine.database.readOnly(false);
    await engine.ended(id, 2);
  },
  handoff: handedOver,
  silence: async (engine, id) => {
    await engine.send(id, 'message-1', 'hello');
    await engine.client.workflow.getHandle(id).result();
  },
};

/** Says so to the newest card. */
const decided = async (engine: Engine, id: string, decision: ActionDecision['decision']): Promise<Action> => {
  const card = (await engine.cards(id)).at(-1);
  if (!card) throw new Error('nothing is asked');
  const { id: action, argumentsHash } = card;
  await engine.decide(id, { commandId: `command-${action}`.replace('.', '-'), action, argumentsHash, decision });
  return card;
};

/** Without what names the machine that recorded: identities, and the paths in stack traces. */
const anonymous = (json: string): string =>
  json
    .replace(/"(identity|workerId)": ?"[^"]*"/g, '"$1": "recorder"')
    .replace(/"stackTrace": ?"(?:[^"\\]|\\.)*"/g, '"stackTrace": ""');

/** A turn is over for its reader before Temporal has heard of it, and a record may still be under way: a history ends whole. */
const atRest = async (id: string): Promise<void> => {
  for (;;) {
    const { raw } = await engine.client.workflow.getHandle(id).describe();
    if (!raw.pendingWorkflowTask && !raw.pendingActivities?.length) return;
    await pause(50);
  }
};

const stopServices = await startServices();
const loaded = await loadPlaybook(FOLDER);
loaded.playbook.hours = ALWAYS;
loaded.playbook.idle = { warnAfter: 8_000, closeAfter: 9_000 };
const engine = await startEngine({
  model,
  loaded,
  providers: async (databaseUrl) => {
    await seedAcme({ databaseUrl });
    return createToolProviders(loaded.playbook.providers, { folder: FOLDER, settings: { DATABASE_URL: databaseUrl } });
  },
});
rmSync(HISTORIES, { recursive: true, force: true });
mkdirSync(HISTORIES, { recursive: true });
const keep = async (name: string, workflowId: string): Promise<void> => {
  await atRest(workflowId);
  const history = await engine.client.workflow.getHandle(workflowId).fetchHistory();
  writeFileSync(join(HISTORIES, `${name}.json`), `${anonymous(historyToJSON(history))}\n`);
  console.log(`${name}: ${history.events?.length ?? 0} events`);
};
for (const [name, run] of Object.entries(SCENARIOS)) {
  const id = engine.newConversation();
  await run(engine, id);
  await keep(name, id);
}
await keep('desk', names.deskWorkflowId(DESK));
await engine.stop();
await stopServices();
