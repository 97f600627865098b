import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { passagesOf } from '../../knowledge/passages.ts';
import { createAnswerShelf } from '../../store/answer-shelf.ts';
import { createPassages } from '../../store/passages.ts';
import { article, intents, RETURNS } from '../doubles/returns-desk.ts';
import { wordEmbedder } from '../doubles/word-embedder.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';
import { watch } from '../watch.ts';

/** What the model takes for each part of its answer, milliseconds. */
let partMs = 30;
const model = scriptedModel(() => says('Yes. ', RETURNS).flatMap((part) => [partMs, part]));

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    model,
    loaded: testPlaybook({ intents, answerCache: { keep: 60_000 } }, [article]),
    embedder: wordEmbedder(),
  });
});
afterAll(() => engine.stop());
const shelf = () => createAnswerShelf(engine.database.db);
beforeEach(async () => {
  await shelf().clear({ pinned: true });
  model.prompts.length = 0;
  partMs = 30;
});

/** The reply to a first message of somebody new, and what its log says of it. */
const ask = async (text: string, owner?: string) => {
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', text, owner);
  const ackedAt = performance.now();
  let firstAt = 0;
  await seen.until((events) => {
    if (firstAt === 0 && events.some(({ event }) => event.type === 'reply.delta')) firstAt = performance.now();
    return seen.reply(1)?.end !== undefined;
  });
  const ended = seen.events.map(({ event }) => event).find((event) => event.type === 'reply.ended');
  return { id, cached: ended?.cached === true, reply: seen.reply(1)?.text, ended, firstDeltaMs: firstAt - ackedAt };
};

test('what was answered once is served again, word for word, with its sources and without a model call', async () => {
  expect(await ask('How do I return a jacket?')).toMatchObject({ cached: false });
  const again = await ask('  how do I return a JACKET ');
  expect(again).toMatchObject({
    cached: true,
    reply: `Yes. ${RETURNS}`,
    ended: { end: 'final', sources: [{ title: 'Returns', url: article.url }] },
  });
  expect((await ask('How can I return the jacket?')).cached).toBe(true);
  expect(model.prompts).toHaveLength(1);
  expect(await engine.messages(again.id)).toMatchObject([{ author: 'customer' }, { text: again.reply, end: 'final' }]);
  expect(await shelf().list(10)).toMatchObject([{ served: 2, intent: 'returns', stale: false }]);
});

/** One series that a busy neighbour left alone is enough: nothing but the product itself makes every one of them slow. */
const SERIES = 3;

test('the first words of a kept answer come within 80 ms of the acknowledgement, 95 times of 100', async () => {
  await ask('How do I return a jacket?');
  let p95 = Number.POSITIVE_INFINITY;
  for (let series = 0; series < SERIES && p95 > 80; series += 1) {
    const took: number[] = [];
    for (let i = 0; i < 60; i += 1) {
      const { cached, firstDeltaMs } = await ask('How do I return a jacket?');
      expect(cached).toBe(true);
      took.push(firstDeltaMs);
    }
    took.sort((x, y) => x - y);
    const at = (share: number) => took[Math.floor(share * took.length)] ?? Number.NaN;
    p95 = at(0.95);
    console.log(`first delta after the ack: p50 ${at(0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
  }
  expect(model.prompts).toHaveLength(1);
  expect(p95).toBeLessThanOrEqual(80);
});

test('a stampede of one question calls the model once', async () => {
  // Slow enough for the last of them to join the call.
  partMs = 1_500;
  const replies = await Promise.all(Array.from({ length: 12 }, () => ask('How do I return a jacket?')));
  expect(new Set(replies.map(({ reply }) => reply))).toEqual(new Set([`Yes. ${RETURNS}`]));
  expect(model.prompts).toHaveLength(1);
});

describe('is not served', () => {
  const notServed = async (first: string, second: string, ...owners: string[]) => {
    await ask(first, owners[0]);
    expect((await ask(second, owners[1])).cached).toBe(false);
    expect(model.prompts).toHaveLength(2);
  };

  test('what the playbook calls personal', () => notServed('Where is the refund?', 'Where is the refund?'));
  test('what differs by a number', () => notServed('Can I return 2 pairs of boots?', 'Can I return 3 pairs of boots?'));
  test('what is urgent', () => notServed('How do I return boots today?', 'How do I return boots today?'));
  test('what somebody says of themselves', () =>
    notServed('I am Ada, how do I return boots?', 'I am Ada, how do I return boots?'));
  test('a visitor’s answer to a signed-in customer', () =>
    notServed(
      'How do I return a jacket?',
      'How do I return a jacket?',
      'visitor:0123456789012345678901',
      'customer:cus_ada',
    ));

  test('in the middle of a conversation, where the same words may mean something else', async () => {
    const { id } = await ask('How do I return a jacket?');
    await engine.send(id, 'message-2', 'How do I return a jacket?');
    await engine.ended(id, 2);
    expect(model.prompts).toHaveLength(2);
  });

  test('once a passage that it was made from has changed, unless somebody pins it anew', async () => {
    await ask('How do I return a jacket?');
    const [kept] = await shelf().list(1);
    expect(await shelf().pin(kept?.id ?? '')).toBe(true);
    const index = createPassages(engine.database.db);
    await index.replace('changed', passagesOf({ ...article, body: `${RETURNS} Not boots.` }));
    expect(await shelf().list(1)).toMatchObject([{ pinned: true, stale: true }]);
    expect((await ask('How do I return a jacket?')).cached).toBe(false);
    expect(model.prompts).toHaveLength(2);
    expect(await shelf().pin(kept?.id ?? '')).toBe(true);
    expect((await ask('How do I return a jacket?')).cached).toBe(true);
    expect((await ask('How do I return a jacket?', 'customer:cus_ada')).cached).toBe(true);
    expect(await shelf().unpin(kept?.id ?? '')).toBe(true);
    expect(await shelf().unpin(kept?.id ?? '')).toBe(false);
    await index.replace('test-playbook-01', passagesOf(article));
  });
});

test('what a customer once said of themselves is in no answer for all, and in the answer to who asks after it', async () => {
  const systemOf = () => model.prompts.at(-1)?.messages[0]?.content;
  await ask('My shoe size is 43.', 'customer:ada');
  await ask('How do I return boots?', 'customer:ada');
  expect(systemOf()).not.toContain('43');
  await ask('What is my shoe size?', 'customer:bob');
  await ask('What is my shoe size?', 'customer:ada');
  expect(systemOf()).toContain('shoe size: 43');
});
