import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import type { Action, ActionDecision } from '../../contracts/actions.ts';
import type { ModelPart, Prompt } from '../../integrations/model.ts';
import { type AcmeEngine, startAcmeEngine } from '../acme-engine.ts';
import { says, scriptedModel } from '../scripted-model.ts';
import { watch } from '../watch.ts';

const ADA = 'customer:cus_ada';
const { EVENT_TYPE_ACTIVITY_TASK_SCHEDULED } = temporal.api.enums.v1.EventType;

type Call = [name: string, args: object];

/** Calls what the customer's message spells out as JSON, then repeats what the tools returned. */
const model = scriptedModel(({ messages }: Prompt): ModelPart[] => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return says(last.content);
  const wanted = JSON.parse(last?.content ?? '[]') as Call[];
  // An answer with nothing in it would be asked for again for a minute, in the middle of the tests that follow.
  if (wanted.length === 0) return says('Hello.');
  return [
    {
      type: 'tools',
      calls: wanted.map(([name, args], i) => ({ id: `call_${i}`, name, arguments: JSON.stringify(args) })),
    },
    { type: 'finish', reason: 'tools' },
  ];
});

let engine: AcmeEngine;
let id: string;
beforeAll(async () => {
  engine = await startAcmeEngine(model);
});
afterAll(() => engine.stop());
beforeEach(async () => {
  id = engine.newConversation();
  await engine.forget();
});

let sent = 0;
const ask = async (turn: number, ...wanted: Call[]): Promise<string> => {
  sent += 1;
  await engine.send(id, `message-${sent}`, JSON.stringify(wanted), ADA);
  return (await engine.ended(id, turn)).text;
};
const refund = (amount: number, orderNumber = '1031'): Call => ['request_refund', { orderNumber, amount }];
const card = async (n = 0): Promise<Action> => {
  const found = (await engine.cards(id))[n];
  if (!found) throw new Error('there is no card');
  return found;
};
let commands = 0;
const decision = ({ id: action, argumentsHash }: Action, decide: ActionDecision['decision']): ActionDecision => {
  commands += 1;
  return { commandId: `command-${commands}`, action, argumentsHash, decision: decide };
};
const confirm = async (n = 0) => engine.decide(id, decision(await card(n), 'confirm'));
const activities = async (): Promise<string[]> => {
  const { events } = await engine.client.workflow.getHandle(id).fetchHistory();
  return (events ?? [])
    .filter(({ eventType }) => eventType === EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    .map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? '');
};
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { cause?: { type?: string } }) => error.cause?.type,
  );

test('an address is changed when its customer has confirmed it, and for one activity', async () => {
  const seen = await watch(engine.reader, id);
  const address = 'Quay Street 9, H91 AAAA Galway, Ireland';
  const asked = await ask(1, ['change_delivery_address', { orderNumber: '1045', address }]);
  expect(JSON.parse(asked)).toMatchObject({ action: 'waiting_for_customer', tool: 'change_delivery_address' });
  expect(await engine.addresses()).toEqual([]);
  expect(await card()).toMatchObject({
    id: '1.0',
    title: 'Change the delivery address',
    arguments: [
      { label: 'Order', value: '1045' },
      { label: 'New address', value: address },
    ],
    state: 'proposed',
  });
  expect(await activities()).toEqual([]);

  expect(await confirm()).toEqual({ action: '1.0', decision: 'confirm' });
  expect(JSON.parse((await engine.ended(id, 2)).text)).toEqual({ orderNumber: '1045', newAddress: address });
  expect(await engine.addresses()).toEqual([{ order: '1045', address }]);
  expect(await activities()).toEqual(['runEffect']);
  await seen.until(() => seen.reply(2)?.end === 'final');
  const cards = seen.events.flatMap(({ event }) => ('action' in event ? [[event.type, event.action.state]] : []));
  expect(cards).toEqual([
    ['action.proposed', 'proposed'],
    ['action.changed', 'done'],
  ]);
});

test('a small refund is done after the confirmation, without a person', async () => {
  await ask(1, refund(40));
  await confirm();
  expect(JSON.parse((await engine.ended(id, 2)).text)).toMatchObject({ amount: '40.00', currency: 'EUR' });
  expect(await engine.refunds()).toEqual([{ order: '1031', cents: 4000, cancelled: false }]);
});

test('what the customer cancels is not done, and cannot be confirmed afterwards', async () => {
  await ask(1, refund(40));
  const asked = await card();
  await engine.decide(id, decision(asked, 'cancel'));
  expect((await engine.ended(id, 2)).text).toContain('"action":"cancelled"');
  expect(await failureOf(engine.decide(id, decision(asked, 'confirm')))).toBe('ActionDecided');
  expect((await card()).state).toBe('cancelled');
  expect(await engine.refunds()).toEqual([]);
});

test('other arguments than those shown, an action that is not there and one of another conversation are refused', async () => {
  await ask(1, refund(40));
  const asked = await card();
  const other = { ...asked, argumentsHash: 'f'.repeat(64) };
  expect(await failureOf(engine.decide(id, decision(other, 'confirm')))).toBe('ActionChanged');
  expect(await failureOf(engine.decide(id, decision({ ...asked, id: '7.0' }, 'confirm')))).toBe('ActionUnknown');
  const elsewhere = engine.newConversation();
  await engine.send(elsewhere, 'message-a', '[]', 'customer:cus_ben');
  await engine.ended(elsewhere, 1);
  expect(await failureOf(engine.decide(elsewhere, decision(asked, 'confirm')))).toBe('ActionUnknown');
  expect(await engine.refunds()).toEqual([]);
});

test('a large refund waits for a person after its customer, who is told at each step', async () => {
  await ask(1, refund(75), refund(60));
  await confirm(1);
  expect((await engine.ended(id, 2)).text).toContain('"action":"waiting_for_approval"');
  const waiting = await card(1);
  expect(waiting.state).toBe('awaiting_approval');
  expect(await engine.refunds()).toEqual([]);
  const description = await engine.client.workflow.getHandle(id).describe();
  expect(description.searchAttributes).toMatchObject({ DeskStatus: ['approval'] });

  const approval = {
    action: waiting.id,
    argumentsHash: waiting.argumentsHash,
    by: 'grace',
    decision: 'approve' as const,
  };
  expect(await failureOf(engine.decideApproval(id, { ...approval, argumentsHash: 'f'.repeat(64) }))).toBe(
    'ActionChanged',
  );
  expect(await engine.decideApproval(id, approval)).toEqual({ action: '1.1', state: 'approved', approvals: 1 });
  expect(JSON.parse((await engine.ended(id, 3)).text)).toMatchObject({ amount: '60.00' });
  expect(await engine.refunds()).toEqual([{ order: '1031', cents: 6000, cancelled: false }]);
  expect(await failureOf(engine.decideApproval(id, approval))).toBe('ActionUnknown');
  expect(await activities()).toEqual(['runEffect']);
});

test('a person denies with a reason, edits an amount, and cannot be the model or the customer', async () => {
  await ask(1, refund(101), ['request_refund', { orderNumber: '1042', amount: 200 }]);
  await confirm(0);
  await engine.ended(id, 2);
  await confirm(1);
  await engine.ended(id, 3);
  const [first, second] = await engine.cards(id);
  if (!first || !second) throw new Error('two cards are missing');
  await engine.decideApproval(id, {
    ...{ action: first.id, argumentsHash: first.argumentsHash, decision: 'deny', by: 'grace' },
    reason: 'The jacket was worn.',
  });
  expect((await engine.ended(id, 4)).text).toContain('The jacket was worn.');

  const edit = { action: second.id, argumentsHash: second.argumentsHash, decision: 'approve' as const, by: 'grace' };
  await engine.decideApproval(id, { ...edit, arguments: '{"orderNumber":"1042","amount":-5}' });
  await engine.decideApproval(id, { ...edit, arguments: '{"orderNumber":"1042","amount":120}' });
  expect(JSON.parse((await engine.ended(id, 5)).text)).toMatchObject({ amount: '120.00' });
  expect(await engine.refunds()).toEqual([{ order: '1042', cents: 12_000, cancelled: false }]);
  expect((await engine.cards(id)).map(({ state }) => state)).toEqual(['denied', 'done']);
  expect((await card(1)).arguments).toContainEqual({ label: 'Amount in euro', value: '120' });
});

test('a refund is taken back while that is possible, once, when its customer confirms that too', async () => {
  await ask(1, refund(40));
  await confirm();
  await engine.ended(id, 2);
  const told = await ask(3, ['undo_action', { action: '1.0' }]);
  expect(told).toContain('"action":"waiting_for_customer"');
  const offered = model.prompts.findLast(
    ({ messages }) => messages.at(-1)?.role === 'user' && messages.at(-1)?.content.includes('undo_action'),
  );
  expect(offered?.tools.map(({ name }) => name)).toContain('undo_action');
  expect(offered?.tools.map(({ name }) => name)).not.toContain('cancel_refund');
  const [taken, undo] = await engine.cards(id);
  expect(undo).toMatchObject({ title: 'Cancel the refund', arguments: taken?.arguments, state: 'proposed' });
  await confirm(1);
  expect(JSON.parse((await engine.ended(id, 4)).text)).toMatchObject({ amount: '40.00' });
  expect(await engine.refunds()).toEqual([{ order: '1031', cents: 4000, cancelled: true }]);
  expect((await engine.cards(id)).map(({ state }) => state)).toEqual(['undone', 'done']);
  expect(await ask(5, ['undo_action', { action: '1.0' }])).toContain('cannot be taken back');
  expect(await activities()).toEqual(['runEffect', 'runEffect']);
});

test('another customer’s order is refused whatever the model says, also after a confirmation', async () => {
  await ask(1, refund(20, '1033'));
  await confirm();
  expect((await engine.ended(id, 2)).text).toContain('not_found');
  expect((await card()).state).toBe('failed');
  expect(await ask(3, ['request_refund', { orderNumber: '1033', amount: 20, customerId: 'cus_elena' }])).toContain(
    'bad_arguments',
  );
  expect(await engine.refunds()).toEqual([]);
});
