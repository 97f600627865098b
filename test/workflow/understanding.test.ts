import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createGaps } from '../../store/gaps.ts';
import { article, intents, RETURNS } from '../doubles/returns-desk.ts';
import { wordEmbedder } from '../doubles/word-embedder.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const embedded: string[] = [];
const words = wordEmbedder();
const embedder = {
  ...words,
  embed: async (texts: readonly string[]) => {
    embedded.push(...texts);
    return words.embed(texts);
  },
};
const model = scriptedModel(({ messages }) =>
  says(/kayak/.test(messages.at(-1)?.content ?? '') ? 'Unfortunately this is beyond me.' : RETURNS),
);

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    model,
    loaded: testPlaybook({ intents, entities: [{ name: 'order', title: 'Order', pattern: '\\b(1\\d{3})\\b' }] }, [
      article,
    ]),
    embedder,
  });
});
afterAll(() => engine.stop());

const say = async (id: string, turn: number, text: string) => {
  await engine.send(id, `message-${turn}`, text);
  await engine.ended(id, turn);
};
const turnsOf = (id: string) =>
  engine.database.db
    .selectFrom('turns')
    .select(['understanding', 'rests_on', 'unanswered'])
    .where('conversation_id', '=', id)
    .orderBy('turn')
    .execute();
const intentOf = async (id: string): Promise<unknown> =>
  (await engine.client.workflow.getHandle(id).describe()).searchAttributes.DeskIntent?.[0];

test('what is understood of a turn is kept with it, for one embedding of its message', async () => {
  const id = engine.newConversation();
  embedded.length = 0;
  const text = 'This is terrible, where is the refund of order 1042? It is urgent';
  await say(id, 1, text);
  expect(embedded).toEqual([text]);
  expect(await turnsOf(id)).toMatchObject([
    {
      understanding: {
        language: 'en',
        urgent: true,
        sentiment: expect.any(Number),
        intent: { intent: 'refund_status', best: 'refund_status' },
        entities: [{ name: 'order', value: '1042' }],
      },
    },
  ]);
});

test('operators see the intent after the first turn that tells it, and a later one when the turns are counted', async () => {
  const id = engine.newConversation();
  await say(id, 1, 'Where is the refund?');
  await engine.settled(id, 1);
  expect(await intentOf(id)).toBe('refund_status');
  for (let turn = 2; turn < 10; turn += 1) await say(id, turn, 'How do I return a jacket?');
  await engine.settled(id, 9);
  expect(await intentOf(id)).toBe('refund_status');
  await say(id, 10, 'How do I return a jacket?');
  await engine.settled(id, 10);
  expect(await intentOf(id)).toBe('returns');
});

test('a question that no article is about is a gap; an answered one, small talk and a personal matter are none', async () => {
  const id = engine.newConversation();
  for (const [i, text] of [
    'How do I return a jacket?',
    'Do you sell any kayaks?',
    'Hello!',
    'Where is the refund?',
  ].entries())
    await say(id, i + 1, text);
  expect((await turnsOf(id)).map(({ rests_on, unanswered }) => [rests_on, unanswered])).toEqual([
    ['articles', false],
    ['nothing', true],
    ['articles', false],
    ['articles', false],
  ]);
  expect(await createGaps(engine.database.db).unanswered(1, 9)).toMatchObject([
    { question: 'Do you sell any kayaks?' },
  ]);
});
