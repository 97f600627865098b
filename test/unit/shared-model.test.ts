import { expect, test } from '@jest/globals';
import { type ChatModel, type ModelPart, ModelUnavailable, type Prompt } from '../../integrations/model.ts';
import { createSharedModel } from '../../integrations/shared-model.ts';
import { says, scriptedModel } from '../scripted-model.ts';

const prompt = (content: string): Prompt => ({ messages: [{ role: 'user', content }], tools: [], maxTokens: 10 });
const textOf = async (model: ChatModel, asked: Prompt, signal = new AbortController().signal) => {
  let text = '';
  for await (const part of model.stream(asked, signal)) if (part.type === 'text') text += part.text;
  return text;
};
const slowly = (...texts: string[]) =>
  scriptedModel(() => says(...texts).flatMap((part): (ModelPart | number)[] => [20, part]));

test('equal prompts share a call, whenever they come in; different ones do not', async () => {
  const model = slowly('one ', 'two');
  const shared = createSharedModel(model);
  const early = textOf(shared, prompt('a'));
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(await Promise.all([early, textOf(shared, prompt('a')), textOf(shared, prompt('b'))])).toEqual(
    Array(3).fill('one two'),
  );
  expect(model.prompts).toHaveLength(2);
});

test('a call that is over is not joined', async () => {
  const model = slowly('one');
  const shared = createSharedModel(model);
  await textOf(shared, prompt('a'));
  await textOf(shared, prompt('a'));
  expect(model.prompts).toHaveLength(2);
});

test('one who stops does not stop the others; when all have stopped, so has the call', async () => {
  let stopped = 0;
  const model: ChatModel = {
    async *stream(_prompt, signal) {
      yield { type: 'text', text: 'one ' };
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, 60);
        signal.addEventListener('abort', () => {
          stopped += 1;
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
      yield { type: 'text', text: 'two' };
    },
  };
  const shared = createSharedModel(model);
  const leaving = () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('stop')), 20);
    return textOf(shared, prompt('a'), abort.signal);
  };
  const stays = textOf(shared, prompt('a'));
  await expect(leaving()).rejects.toThrow('stop');
  expect(await stays).toBe('one two');
  expect(stopped).toBe(0);
  await Promise.allSettled([leaving(), leaving()]);
  expect(stopped).toBe(1);
});

test('a failure is everybody’s', async () => {
  const shared = createSharedModel(
    scriptedModel(() => {
      throw new ModelUnavailable('429', 300);
    }),
  );
  const both = await Promise.allSettled([textOf(shared, prompt('a')), textOf(shared, prompt('a'))]);
  expect(both).toMatchObject(Array(2).fill({ status: 'rejected', reason: { retryAfterMs: 300 } }));
});

test('what a shared call cost is counted once', async () => {
  const finish: ModelPart = { type: 'finish', reason: 'stop', usage: { input: 10, output: 5 } };
  const shared = createSharedModel(scriptedModel(() => [20, { type: 'text', text: 'one' }, finish]));
  const finishOf = async () => {
    let last: ModelPart | undefined;
    for await (const part of shared.stream(prompt('a'), new AbortController().signal)) last = part;
    return last;
  };
  const all = await Promise.all([finishOf(), finishOf(), finishOf()]);
  expect(all.filter((part) => part?.type === 'finish' && part.reason === 'stop')).toHaveLength(3);
  expect(all.filter((part) => part?.type === 'finish' && part.usage)).toEqual([finish]);
});
