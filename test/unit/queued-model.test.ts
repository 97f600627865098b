import { expect, test } from '@jest/globals';
import { queuedModel } from '../../activities/queued-model.ts';
import { withFallback } from '../../integrations/fallback-model.ts';
import {
  type Caller,
  type ChatModel,
  type ModelPart,
  ModelRefused,
  ModelUnavailable,
} from '../../integrations/model.ts';
import { createMemoryModelQueue } from '../../stream/memory-model-queue.ts';
import { PLENTY } from '../contracts/model-queue/rig.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const prompt = { messages: [{ role: 'user' as const, content: 'x'.repeat(350) }], tools: [], maxTokens: 50 };
const caller: Caller = { rank: 'live', share: 'anna', withinMs: 1_000 };
const never = new AbortController().signal;

const textOf = async (model: ChatModel, change: Partial<Caller> = {}, signal = never): Promise<string> => {
  let text = '';
  for await (const part of model.stream(prompt, signal, { ...caller, ...change }))
    if (part.type === 'text') text += part.text;
  return text;
};

const failing = (error: Error) =>
  scriptedModel(() => {
    throw error;
  });

const queueOf = (limits: Partial<typeof PLENTY>) => createMemoryModelQueue(() => ({ ...PLENTY, ...limits }));

test('calls go out when they have a place, and tell who waits that they live', async () => {
  const queue = queueOf({ concurrency: 1 });
  const model = queuedModel(
    scriptedModel(() => [1_200, ...says('one')]),
    queue,
  );
  const waited: number[] = [];
  const both = [textOf(model), textOf(model, { withinMs: 5_000, waiting: () => waited.push(1) })];
  await expect(textOf(model, { withinMs: 20 })).rejects.toThrow('no place at the model within 20 ms');
  expect(queue.standing()).toMatchObject({ talking: 1, waiting: 1 });
  expect(await Promise.all(both)).toEqual(['one', 'one']);
  expect(waited).toHaveLength(1);
  expect(queue.standing()).toMatchObject({ talking: 0, waiting: 0 });
});

test('a call that is stopped or fails in the middle gives its place back', async () => {
  const queue = queueOf({ concurrency: 1 });
  const stop = new AbortController();
  const stopped = textOf(
    queuedModel(
      scriptedModel(() => [{ type: 'text', text: 'one' }, 10_000]),
      queue,
    ),
    {},
    stop.signal,
  );
  stop.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  const cut = queuedModel(failing(new ModelUnavailable('cut')), queue);
  await expect(textOf(cut)).rejects.toThrow('cut');
  for await (const part of queuedModel(
    scriptedModel(() => says('a', 'b')),
    queue,
  ).stream(prompt, never, caller))
    if (part.type === 'text') break;
  expect(queue.standing()).toMatchObject({ talking: 0, limit: 1 });
});

test('reserves prompt and longest answer, and counts what the model says', async () => {
  const queue = queueOf({ tokensPerMinute: 10_000 });
  const finish: ModelPart = { type: 'finish', reason: 'stop', usage: { input: 600, output: 390 } };
  expect(
    await textOf(
      queuedModel(
        scriptedModel(() => [{ type: 'text', text: 'one' }, finish]),
        queue,
      ),
    ),
  ).toBe('one');
  // Ten of a thousand are left; the call reserves 160.
  await expect(
    textOf(
      queuedModel(
        scriptedModel(() => says('two')),
        queue,
      ),
      { withinMs: 0 },
    ),
  ).rejects.toThrow(ModelUnavailable);
});

test('a 429 stops everybody for as long as it says', async () => {
  const queue = queueOf({ concurrency: 4 });
  const begun = performance.now();
  await expect(
    textOf(queuedModel(failing(new ModelUnavailable('the model server answered 429', 150, 429)), queue)),
  ).rejects.toThrow('429');
  expect(
    await textOf(
      queuedModel(
        scriptedModel(() => says('two')),
        queue,
      ),
    ),
  ).toBe('two');
  expect(performance.now() - begun).toBeGreaterThanOrEqual(145);
  expect(Math.floor(queue.standing().limit)).toBe(2);
});

test('the other model answers when the first one fails, refuses or has no place for half of the time', async () => {
  const second = scriptedModel(() => says('second'));
  for (const first of [failing(new ModelUnavailable('down')), failing(new ModelRefused('401'))])
    expect(await textOf(withFallback(first, second))).toBe('second');
  const queue = queueOf({ concurrency: 1 });
  await queue.enter({ rank: 'live', share: 'bert', tokens: 1, withinMs: 0 }, never);
  const begun = performance.now();
  expect(await textOf(withFallback(queuedModel(second, queue), second), { withinMs: 200 })).toBe('second');
  expect(performance.now() - begun).toBeLessThan(190);
});

test('the other model is not asked in the middle of an answer, nor after a stop, and the better failure counts', async () => {
  const second = scriptedModel(() => says('second'));
  const cut: ChatModel = {
    async *stream() {
      yield { type: 'text', text: 'half' };
      throw new ModelUnavailable('broken off');
    },
  };
  await expect(textOf(withFallback(cut, second))).rejects.toThrow('broken off');
  const stop = new AbortController();
  const stopped = textOf(
    withFallback(
      scriptedModel(() => [10_000]),
      second,
    ),
    {},
    stop.signal,
  );
  stop.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  expect(second.prompts).toEqual([]);
  const down = failing(new ModelUnavailable('down'));
  const refused = failing(new ModelRefused('401'));
  await expect(textOf(withFallback(down, refused))).rejects.toThrow('down');
  await expect(textOf(withFallback(refused, down))).rejects.toThrow('down');
});
