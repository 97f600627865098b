import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { ModelPart, Prompt } from '../../../integrations/model.ts';
import { createOpenAiModel, type OpenAiModelOptions } from '../../../integrations/openai.ts';
import { INSTANT } from '../../../local/model/profile.ts';
import { type LocalModel, startLocalModel } from '../../../local/model/server.ts';

export const KEY = 'sk-canary-key';

const FIND_ORDER = {
  name: 'find_order',
  description: 'Looks up an order by its number.',
  parameters: { type: 'object', properties: { order_number: { type: 'string' } }, required: ['order_number'] },
};

export const prompt = (content = 'hello', tools: Prompt['tools'] = [FIND_ORDER]): Prompt => ({
  messages: [
    { role: 'system', content: 'You are Fern.' },
    { role: 'user', content },
  ],
  tools,
  maxTokens: 500,
});

export const never = new AbortController().signal;

/** A local model for all tests of a file, set back after each, and the adapter in front of it. */
export const useLocalModel = () => {
  let started: LocalModel;
  beforeAll(async () => {
    started = await startLocalModel({ profile: INSTANT });
  });
  afterEach(() => {
    started.setFaults([]);
    started.setProfile(INSTANT);
  });
  // No answer is under way by then; without the 0, a file that ends with an abort waits out the 5 s of draining.
  afterAll(() => started.stop(0));

  const server: Pick<LocalModel, 'setFaults' | 'setProfile' | 'requests'> = {
    setFaults: (faults) => started.setFaults(faults),
    setProfile: (change) => started.setProfile(change),
    requests: (limit) => started.requests(limit),
  };

  const model = (options: Partial<OpenAiModelOptions> = {}) =>
    createOpenAiModel({ baseUrl: started.url, apiKey: KEY, model: 'duradesk-local', ...options });

  const ask = async (asked = prompt(), options: Partial<OpenAiModelOptions> = {}, signal = never) => {
    const parts: ModelPart[] = [];
    for await (const part of model(options).stream(asked, signal)) parts.push(part);
    return {
      parts,
      text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
      calls: parts.flatMap((part) => (part.type === 'tools' ? part.calls : [])),
      reason: parts.flatMap((part) => (part.type === 'finish' ? [part.reason] : [])).join(),
    };
  };

  return { server, model, ask };
};

/** One chunk of a stream, as a server would write it. */
export const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

export const DONE = 'data: [DONE]\n\n';
