import { type Caller, type ChatModel, ModelUnavailable, type Prompt } from '../integrations/model.ts';
import type { CallEnd, ModelQueue } from '../stream/model-queue.ts';
import { CHARACTERS_PER_TOKEN } from './prompt.ts';

const WAITING_MS = 1_000;

/** Whoever does not say on whose behalf it calls takes what is free. */
const NOBODY: Caller = { rank: 'background', share: 'nobody', withinMs: 0 };

/**
 * A model that is asked only when it has a place: `ModelUnavailable` when there is none within `caller.withinMs`. What a
 * call reserves is the longest answer; once the model has said what it cost, the rest is given back.
 */
export const queuedModel = (model: ChatModel, queue: ModelQueue): ChatModel => ({
  async *stream(prompt, signal, { rank, share, withinMs, waiting = () => {} } = NOBODY) {
    const ticks = setInterval(waiting, WAITING_MS);
    const place = await queue
      .enter({ rank, share, withinMs, tokens: sizeOf(prompt) }, signal)
      .finally(() => clearInterval(ticks));
    if (!place) throw new ModelUnavailable(`there was no place at the model within ${Math.round(withinMs)} ms`);
    let end: CallEnd = { result: 'failed' };
    try {
      for await (const part of model.stream(prompt, signal)) {
        if (part.type === 'finish')
          end = { result: 'ok', ...(part.usage && { tokens: part.usage.input + part.usage.output }) };
        yield part;
      }
    } catch (error) {
      end = endOf(error);
      throw error;
    } finally {
      place.leave(end);
    }
  },
});

const sizeOf = ({ messages, tools, maxTokens }: Prompt): number =>
  Math.ceil(JSON.stringify([messages, tools]).length / CHARACTERS_PER_TOKEN) + maxTokens;

/** A server that says when to come back is at its limit, whether it calls that 429 or 503. */
const endOf = (error: unknown): CallEnd => {
  if (!(error instanceof ModelUnavailable)) return { result: 'failed' };
  const { status, retryAfterMs } = error;
  if (status !== 429 && retryAfterMs === undefined) return { result: 'failed' };
  return { result: 'slow_down', tokens: 0, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};
