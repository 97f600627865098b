import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tool } from '../../contracts/playbook-tools.ts';
import { type ToolProvider, ToolUnavailable } from '../../integrations/tools.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const TURN_MS = 12_000;
/** A customer's turn begins a moment after the message was sent, and its end is seen a moment later. */
const MARGIN_MS = 1_500;

type Slowly = { first: number; next: number; calls: string[] };

/** What the customer says is how slow the model is, in JSON, and what it calls. */
const model = scriptedModel(({ messages }) => {
  const { first, next, calls } = JSON.parse(
    messages.findLast(({ role }) => role === 'user')?.content ?? '{}',
  ) as Slowly;
  const results = messages.flatMap((message) => (message.role === 'tool' ? message.content : []));
  if (results.length > 0) return [next, ...says(results.join('\n'))];
  return [
    first,
    { type: 'tools', calls: calls.map((name, at) => ({ id: `call_${at}`, name, arguments: '{}' })) },
    { type: 'finish', reason: 'tools' },
  ];
});

let paid = 0;
const slow: ToolProvider = {
  name: 'slow',
  list: async () => offered,
  async call(name, _args, signal, timeoutMs) {
    if (name === 'pay') {
      paid += 1;
      return { ok: true, content: '{"paid":true}' };
    }
    await new Promise<void>((_, reject) => {
      const timer = setTimeout(() => reject(new ToolUnavailable('no answer', 'unknown')), timeoutMs);
      const abort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
    });
    return { ok: true, content: '' };
  },
  close: async () => {},
};
const offered = ['look', 'send', 'pay'].map((name) => ({
  ...{ name, description: name, inputSchema: { type: 'object', properties: { key: { type: 'string' } } } },
}));

let engine: Engine;
beforeAll(async () => {
  const { playbook } = testPlaybook();
  const common = { provider: 'slow', use: 'anyone', timeout: '30s' };
  engine = await startEngine({
    model,
    loaded: testPlaybook({
      budgets: { ...playbook.budgets, turnSeconds: TURN_MS / 1_000 },
      tools: [
        tool.parse({ ...common, name: 'look', title: 'Looking', kind: 'read' }),
        tool.parse({ ...common, name: 'send', title: 'Sending', kind: 'effect', inject: { key: 'effect.key' } }),
        tool.parse({ ...common, name: 'pay', title: 'Paying', kind: 'effect', inject: { key: 'effect.key' } }),
      ],
    }),
    providers: async () => [slow],
  });
});
afterAll(() => engine.stop());

/** Resolves with what the customer is told, after how long. */
const take = async (slowly: Slowly) => {
  const id = engine.newConversation();
  const begun = Date.now();
  await engine.send(id, 'message-1', JSON.stringify(slowly));
  const { text, end } = await engine.ended(id, 1, 60_000);
  return { text, end, tookMs: Date.now() - begun };
};

test.concurrent.each<[string, Slowly, string]>([
  ['one slow tool after a slow model', { first: 4_000, next: 100, calls: ['look'] }, 'cannot be looked up'],
  ['four slow tools', { first: 100, next: 100, calls: ['look', 'look', 'look', 'look'] }, 'cannot be looked up'],
  ['a slow tool and a model that is slow twice', { first: 4_000, next: 30_000, calls: ['look'] }, 'went wrong'],
  ['a model that never comes to an end', { first: 30_000, next: 0, calls: [] }, 'went wrong'],
  ['an effect that does not answer', { first: 3_000, next: 100, calls: ['send'] }, '"action":"unknown"'],
  ['such an effect and a slow model', { first: 3_000, next: 30_000, calls: ['send'] }, 'Nobody knows'],
])(
  'a turn ends in its time: %s',
  async (_, slowly, told) => {
    const { text, tookMs } = await take(slowly);
    expect(text).toContain(told);
    expect(tookMs).toBeLessThan(TURN_MS + MARGIN_MS);
  },
  60_000,
);

test('an effect for which there is no time left is not begun, and not left open', async () => {
  const { text, tookMs } = await take({ first: 500, next: 100, calls: ['look', 'pay'] });
  expect(text).toContain('cannot be done right now');
  expect(paid).toBe(0);
  expect(tookMs).toBeLessThan(TURN_MS + MARGIN_MS);
  const { db } = engine.database;
  const open = await db.selectFrom('effects').select(['tool', 'state']).where('tool', '=', 'pay').execute();
  expect(open).toEqual([{ tool: 'pay', state: 'failed' }]);
}, 60_000);
