import { type ChatModel, ModelRefused, ModelUnavailable } from './model.ts';

/**
 * Asks `second` where `first` cannot or will not answer, or has no place for the call in half of the time that it may wait.
 * Once `first` has said a word its answer is not changed for another in the middle: that fails, and is tried again whole.
 */
export const withFallback = (first: ChatModel, second: ChatModel): ChatModel => ({
  async *stream(prompt, signal, caller) {
    const begun = performance.now();
    let spoke = false;
    let failure: unknown;
    try {
      for await (const part of first.stream(prompt, signal, caller && { ...caller, withinMs: caller.withinMs / 2 })) {
        spoke = true;
        yield part;
      }
      return;
    } catch (error) {
      if (spoke || signal.aborted || !isOfModel(error)) throw error;
      failure = error;
    }
    const left = caller && { ...caller, withinMs: Math.max(0, caller.withinMs - (performance.now() - begun)) };
    try {
      yield* second.stream(prompt, signal, left);
    } catch (error) {
      // Worth another attempt as long as one of them is.
      throw error instanceof ModelRefused && failure instanceof ModelUnavailable ? failure : error;
    }
  },
});

const isOfModel = (error: unknown): boolean => error instanceof ModelUnavailable || error instanceof ModelRefused;
