import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tool } from '../../contracts/playbook-tools.ts';
import type { ModelPart } from '../../integrations/model.ts';
import type { ToolProvider } from '../../integrations/tools.ts';
import { article, intents, RETURNS } from '../doubles/returns-desk.ts';
import { wordEmbedder } from '../doubles/word-embedder.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { scriptedModel } from '../scripted-model.ts';

const model = scriptedModel(({ messages }): ModelPart[] => {
  const last = messages.at(-1);
  return last?.role === 'user' && last.content.includes('account')
    ? [
        { type: 'tools', calls: [{ id: 'call_1', name: 'profile', arguments: '{}' }] },
        { type: 'finish', reason: 'tools', usage: { input: 1_100, output: 100 } },
      ]
    : [
        { type: 'text', text: last?.role === 'tool' ? last.content : RETURNS },
        { type: 'finish', reason: 'stop', usage: { input: 400, output: 100 } },
      ];
});

const shop: ToolProvider = {
  name: 'shop',
  list: async () => [{ name: 'profile', description: 'Who the customer is', inputSchema: { type: 'object' } }],
  call: async () => ({ ok: true, content: 'gold' }),
  close: async () => {},
};

let engine: Engine;
beforeAll(async () => {
  const loaded = testPlaybook(
    {
      intents,
      tools: [
        tool.parse({ provider: 'shop', name: 'profile', title: 'Looking', use: 'anyone', kind: 'read', timeout: '5s' }),
      ],
      providers: [{ name: 'shop', mcp: { url: 'http://127.0.0.1:1/' } }],
      answerCache: { keep: 60_000 },
      budgets: {
        ...{ promptTokens: 1_500, replyTokens: 300, toolCallsPerTurn: 4, turnSeconds: 60 },
        ...{ conversationTokens: 1_000, dayTokens: 2_000 },
      },
    },
    [article],
  );
  engine = await startEngine({ model, loaded, embedder: wordEmbedder(), providers: async () => [shop] });
});
afterAll(() => engine.stop());

const ask = async (text: string) => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', text);
  return engine.ended(id, 1);
};

test('a turn that goes over its budget is taken to its end, and what is kept is served when nothing is left', async () => {
  expect(await ask('How do I return a jacket?')).toMatchObject({ end: 'final', text: RETURNS });
  expect(await ask('What is my account?')).toMatchObject({ end: 'final', text: expect.stringContaining('gold') });
  // 500 and 1,700 are more than the day's 2,000.
  expect(await ask('Can I return boots?')).toMatchObject({ end: 'failed', text: 'There is nothing left for today.' });
  expect(await ask('how do i return the jacket')).toMatchObject({ end: 'final', text: RETURNS });
  expect(model.prompts).toHaveLength(3);
});
