import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ChatModel, Prompt } from '../../integrations/model.ts';
import { createOpenAiModel } from '../../integrations/openai.ts';
import { INSTANT } from '../../local/model/profile.ts';
import { type LocalModel, startLocalModel } from '../../local/model/server.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';

const PROMPT_TOKENS = 1_500;
const TURNS = 200;

let server: LocalModel;
let engine: Engine;
const prompts: Prompt[] = [];
/** Input tokens of each prompt as the model's server counted them. */
const sizes: number[] = [];

beforeAll(async () => {
  server = await startLocalModel({ profile: INSTANT });
  const local = createOpenAiModel({ baseUrl: server.url, apiKey: 'none', model: 'local' });
  const model: ChatModel = {
    async *stream(prompt, signal) {
      prompts.push(prompt);
      for await (const part of local.stream(prompt, signal)) {
        if (part.type === 'finish') sizes.push(part.usage?.input ?? 0);
        yield part;
      }
    },
  };
  const budgets = { promptTokens: PROMPT_TOKENS, replyTokens: 300, toolCallsPerTurn: 4, turnSeconds: 60 };
  engine = await startEngine({ model, loaded: testPlaybook({ budgets }) });
}, 60_000);
afterAll(async () => {
  await engine?.stop();
  await server?.stop();
});

const ask = async (id: string, turn: number, text: string, owner?: string): Promise<string> => {
  await engine.send(id, `message-${turn}`, text, owner);
  return (await engine.ended(id, turn)).text;
};

const systemOf = ({ messages }: Prompt): string => messages.find(({ role }) => role === 'system')?.content ?? '';

test('after 200 turns, with Redis emptied in the middle, what was said in the third is still known', async () => {
  const id = engine.newConversation();
  for (let turn = 1; turn < TURNS; turn += 1) {
    if (turn === TURNS / 2) await engine.redis.flushall();
    const text =
      turn === 3
        ? 'My membership number is TR-4471-9.'
        : `Please tell me more about subject ${turn}: how it is made, what it costs altogether, and whether it would still arrive in time for our holidays next month.`;
    await ask(id, turn, text);
  }
  const question = 'What is my membership number?';
  expect(await ask(id, TURNS, question)).toContain('TR-4471-9');

  // Not the summary's, which this turn is due for too.
  const last = prompts.findLast(({ messages }) => messages.at(-1)?.content === question);
  expect(last?.messages.filter(({ content }) => content.includes('TR-4471-9'))).toHaveLength(1);
  expect(last && systemOf(last)).toContain('membership number: TR-4471-9');
  expect(last && systemOf(last)).toContain('<summary>');
  console.log(`${prompts.length} prompts, the largest had ${Math.max(...sizes)} tokens of ${PROMPT_TOKENS}`);
  expect(Math.max(...sizes)).toBeLessThan(PROMPT_TOKENS);
}, 240_000);

test('a customer who signs in is remembered in the next conversation, a visitor is not, and nobody is another', async () => {
  const answers: Record<string, string> = {};
  for (const owner of ['customer:ada', 'customer:bob', 'visitor:0123456789012345678901']) {
    const first = engine.newConversation();
    if (owner !== 'customer:bob') await ask(first, 1, 'My shoe size is 43.', owner);
    const second = engine.newConversation();
    answers[owner] = await ask(second, 1, 'What is my shoe size?', owner);
  }
  expect(answers['customer:ada']).toContain('43');
  expect(answers['customer:bob']).not.toContain('43');
  expect(answers['visitor:0123456789012345678901']).not.toContain('43');
});
