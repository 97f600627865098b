import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { ModelPart } from '../../integrations/model.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { scriptedModel } from '../scripted-model.ts';

const model = scriptedModel((): ModelPart[] => [
  { type: 'text', text: 'An answer.' },
  { type: 'finish', reason: 'stop', usage: { input: 500, output: 100 } },
]);

const budgets = { promptTokens: 1_500, replyTokens: 300, toolCallsPerTurn: 4, turnSeconds: 60 };
let engine: Engine;
beforeAll(async () => {
  const loaded = testPlaybook({ budgets: { ...budgets, conversationTokens: 1_000, dayTokens: 2_000 } });
  engine = await startEngine({ model, loaded });
});
afterAll(() => engine.stop());

const ask = async (id: string, turn: number) => {
  await engine.send(id, `message-${turn}`, 'A question.');
  return engine.ended(id, turn);
};

test('a conversation, and a day, that has used up its tokens is told so, and nobody is asked', async () => {
  const one = engine.newConversation();
  expect([await ask(one, 1), await ask(one, 2)].map(({ end }) => end)).toEqual(['final', 'final']);
  expect(await ask(one, 3)).toMatchObject({ end: 'failed', text: 'There is nothing left for today.' });
  // 1,200 of the day's 2,000 are gone: one more conversation has room for two turns.
  const two = engine.newConversation();
  expect((await ask(two, 1)).end).toBe('final');
  expect((await ask(two, 2)).end).toBe('final');
  const three = engine.newConversation();
  expect(await ask(three, 1)).toMatchObject({ end: 'failed', text: 'There is nothing left for today.' });
  expect(model.prompts).toHaveLength(4);

  const { rows } = await sql<{ reason: string | null; tokens: number }>`
    select detail ->> 'reason' as reason, (detail ->> 'tokens')::integer as tokens from records
    where type = 'turn.ended' order by id`.execute(engine.database.db);
  expect(rows).toEqual([
    ...[1, 2].map(() => ({ reason: null, tokens: 600 })),
    { reason: 'conversation budget', tokens: 0 },
    ...[1, 2].map(() => ({ reason: null, tokens: 600 })),
    { reason: 'day budget', tokens: 0 },
  ]);
});
