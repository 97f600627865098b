import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Action } from '../../contracts/actions.ts';
import conversations from '../../gateway/temporal.ts';
import type { ModelPart } from '../../integrations/model.ts';
import { type AcmeEngine, startAcmeEngine } from '../acme-engine.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const ADA = 'customer:cus_ada';
const ALWAYS = [{ from: 0, to: 1_440 }];
const ADDRESS = '9 Quay Street, H91 AAAA Galway, Ireland';

/** Calls what the customer names, then repeats what the tool returned. */
const model = scriptedModel(({ messages }): ModelPart[] => {
  const last = messages.at(-1);
  if (last?.role === 'tool') return says(last.content);
  const [name = '', args = ''] = last?.content.split(' ', 2) ?? [];
  if (!args) return says('Hello.');
  return [
    { type: 'tools', calls: [{ id: 'call_1', name, arguments: args.replaceAll('_', ' ') }] },
    { type: 'finish', reason: 'tools' },
  ];
});

let engine: AcmeEngine;
let app: FastifyInstance;
let id: string;
beforeAll(async () => {
  engine = await startAcmeEngine(model, (playbook) => {
    for (const tool of playbook.tools) {
      if (tool.name === 'request_refund')
        tool.approval = { argument: 'amount', above: 100, approvers: 2, expiresAfter: 3_600_000 };
      if (tool.name === 'change_delivery_address') tool.approval = { approvers: 1, expiresAfter: 3_000 };
    }
    playbook.hours = {
      week: {
        ...{ monday: ALWAYS, tuesday: ALWAYS, wednesday: ALWAYS, thursday: ALWAYS },
        ...{ friday: ALWAYS, saturday: ALWAYS, sunday: ALWAYS },
      },
      holidays: [],
    };
    playbook.idle = { warnAfter: 1_000, closeAfter: 1_500 };
  });
  app = Fastify();
  await app.register(conversations, { address: process.env.TEST_TEMPORAL_ADDRESS ?? '', namespace: 'default' });
});
afterAll(async () => {
  await app?.close();
  await engine?.stop();
});
beforeEach(async () => {
  id = engine.newConversation();
  await engine.forget();
});

const refund = `request_refund ${JSON.stringify({ orderNumber: '1042', amount: 140 })}`;
const asked = async (text: string): Promise<Action> => {
  await engine.send(id, 'message-1', text, ADA);
  await engine.ended(id, 1);
  const [card] = await engine.cards(id);
  if (!card) throw new Error('nothing is asked');
  return card;
};
let commands = 0;
/** As a gateway does. */
const decide = ({ id: action, argumentsHash }: Action, decision: 'confirm' | 'cancel', conversation = id) => {
  commands += 1;
  return app.conversations.decide(conversation, { commandId: `command-${commands}`, action, argumentsHash, decision });
};
const duradesk = (...args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((done) => {
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: engine.database.url,
      TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS,
    };
    const command = ['--import', 'tsx', 'cli/main.ts', 'approvals', ...args];
    execFile(process.execPath, command, { env }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out: out.trim(), err: err.trim() }),
    );
  });

test('a gateway learns what counts: the first decision, other arguments, and what is over', async () => {
  const card = await asked(refund.replace('140', '40'));
  expect(await decide({ ...card, argumentsHash: 'f'.repeat(64) }, 'confirm')).toEqual({ kind: 'changed' });
  expect(await decide({ ...card, id: '9.9' }, 'confirm')).toEqual({ kind: 'expired' });
  expect(await decide(card, 'confirm', engine.newConversation())).toEqual({ kind: 'expired' });
  expect(await decide(card, 'cancel')).toEqual({ kind: 'decided', decision: 'cancel' });
  expect(await decide(card, 'confirm')).toEqual({ kind: 'decided', decision: 'cancel' });
  // Nobody says anything more: the conversation ends, and its actions with it.
  await engine.client.workflow.getHandle(id).result();
  expect(await decide(card, 'confirm')).toEqual({ kind: 'expired' });
  expect(await engine.refunds()).toEqual([]);
});

test('two people approve on the command line, and the conversation waits for them however silent its customer is', async () => {
  await decide(await asked(refund), 'confirm');
  await engine.ended(id, 2);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const listed = await duradesk('list', '--json');
  expect(listed.err).toBe('');
  expect(JSON.parse(listed.out)).toMatchObject([
    { conversationId: id, id: '1.0', tool: 'request_refund', given: { amount: 140 }, approvers: 2, approvedBy: [] },
  ]);
  const approve = ['approve', '--conversation', id, '--action', '1.0', '--by'];
  expect(await duradesk(...approve, 'grace')).toMatchObject({ code: 0, out: expect.stringContaining('1 of 2') });
  expect(await duradesk(...approve, 'grace')).toMatchObject({ code: 0, out: expect.stringContaining('1 of 2') });
  expect(await engine.refunds()).toEqual([]);
  expect((await duradesk('list')).out).toContain('approved by 1 of 2');
  expect(await duradesk(...approve, 'hugo')).toMatchObject({ code: 0, out: 'approved: it is being done' });
  await engine.ended(id, 3);
  expect(await engine.refunds()).toMatchObject([{ cents: 14_000 }]);
  expect(await duradesk(...approve, 'ida')).toMatchObject({ code: 1, err: expect.stringContaining('approvals list') });
}, 60_000);

test('when nobody decides in time the customer is told, and nothing happens', async () => {
  const address = ADDRESS.replaceAll(' ', '_');
  await decide(await asked(`change_delivery_address {"orderNumber":"1045","address":"${address}"}`), 'confirm');
  expect((await engine.ended(id, 2)).text).toContain('waiting_for_approval');
  expect((await engine.ended(id, 3)).text).toContain('"action":"expired"');
  expect((await engine.cards(id)).map(({ state }) => state)).toEqual(['expired']);
  expect(await engine.addresses()).toEqual([]);
  const status = async () => (await engine.client.workflow.getHandle(id).describe()).searchAttributes.DeskStatus;
  // The customer is told first, operators right after.
  for (const end = Date.now() + 5_000; (await status())?.[0] !== 'open'; ) expect(Date.now()).toBeLessThan(end);
});
