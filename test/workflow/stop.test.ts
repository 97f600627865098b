import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';
import { watch } from '../watch.ts';

const WORDS = Array.from({ length: 40 }, (_, i) => `word${i} `);

/** Speaks at 20 words a second, thinks for ten seconds, or answers at once. */
const model = scriptedModel(({ messages }) => {
  const text = messages.at(-1)?.content ?? '';
  if (text.startsWith('speak')) return says(...WORDS).flatMap((part) => [50, part]);
  return text.startsWith('think') ? [10_000, ...says('thought')] : says('You said: ', text);
});

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model, loaded: testPlaybook() });
});
afterAll(() => engine.stop());

const percentile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1];

test('a stop ends the words within 300 ms (p95), and what was shown is what is kept', async () => {
  const lasts: number[] = [];
  for (let trial = 0; trial < 20; trial++) {
    const id = engine.newConversation();
    const seen = await watch(engine.reader, id);
    await engine.send(id, 'message-1', 'speak');
    await seen.until((events) => events.filter(({ event }) => event.type === 'reply.delta').length > 1 + (trial % 5));
    const stopped = Date.now();
    await engine.halt(id, 1);
    const shown = seen.reply(1)?.text ?? '';
    await seen.until(() => seen.reply(1)?.end === 'stopped');
    const text = seen.reply(1)?.text ?? '';
    expect(text.startsWith(shown)).toBe(true);
    expect(WORDS.join('').startsWith(text)).toBe(true);
    expect(await engine.ended(id, 1)).toMatchObject({ text, end: 'stopped' });
    const deltas = seen.events.filter(({ event }) => event.type === 'reply.delta' && event.offset > 0);
    lasts.push(Math.max(0, ...deltas.map(({ at }) => Date.parse(at) - stopped)));
    await engine.send(id, 'message-2', 'again');
    expect((await engine.ended(id, 2)).text).toBe('You said: again');
  }
  console.log(`last delta after the stop, ms: p50 ${percentile(lasts, 0.5)}, p95 ${percentile(lasts, 0.95)}`);
  expect(percentile(lasts, 0.95)).toBeLessThanOrEqual(300);
});

test('a stop ends the model’s thinking too, before it said a word', async () => {
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'think');
  await seen.until((events) => events.some(({ event }) => event.type === 'reply.started'));
  const stopped = Date.now();
  await engine.halt(id, 1);
  await seen.until((events) => events.some(({ event }) => event.type === 'reply.ended'));
  expect(Date.now() - stopped).toBeLessThan(1_000);
  expect((await engine.messages(id)).at(-1)).toMatchObject({ id: 'a:1', text: '', end: 'stopped' });
});

test('a message that interrupts is answered at once, and the stopped reply stays as it was shown', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'speak');
  const seen = await watch(engine.reader, id);
  await seen.until((events) => events.some(({ event }) => event.type === 'reply.delta'));
  const interrupted = Date.now();
  await engine.halt(id);
  await engine.send(id, 'message-2', 'no, this');
  expect((await engine.ended(id, 2)).text).toBe('You said: no, this');
  expect(Date.now() - interrupted).toBeLessThan(1_500);
  expect((await engine.messages(id)).map(({ id, end }) => [id, end])).toEqual([
    ['c:message-1', undefined],
    ['a:1', 'stopped'],
    ['c:message-2', undefined],
    ['a:2', 'final'],
  ]);
});
