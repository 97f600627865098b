import type { ChatModel, ModelPart, Prompt } from '../integrations/model.ts';

/** What the model says to a prompt, part by part; a number is a pause in milliseconds. */
export type Script = (prompt: Prompt) => (ModelPart | number)[];

/** A model that follows a script, for tests that must decide what it says and when; it records what it was asked. */
export const scriptedModel = (script: Script): ChatModel & { prompts: Prompt[] } => {
  const prompts: Prompt[] = [];
  return {
    prompts,
    async *stream(prompt, signal) {
      prompts.push(prompt);
      for (const part of script(prompt)) {
        signal.throwIfAborted();
        if (typeof part === 'number') await pause(part, signal);
        else yield part;
      }
    },
  };
};

export const says = (...texts: string[]): ModelPart[] => [
  ...texts.map((text): ModelPart => ({ type: 'text', text })),
  { type: 'finish', reason: 'stop' },
];

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
