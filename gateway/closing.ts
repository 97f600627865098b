import { isGrpcServiceError } from '@temporalio/client';
import { pause } from './deadline.ts';

/**
 * Between these a message is tried again whose conversation is just going on in a new run, milliseconds: the server refuses
 * signals from the moment when one of them crossed with the end of the run until the next workflow task has ended it.
 */
const PAUSES_MS = [25, 50, 100, 200, 400];

/** RESOURCE_EXHAUSTED; the server has no code of its own for it. */
const EXHAUSTED = 8;
const CLOSING = 'workflow is closing';

/** Runs `work` again as long as it is refused for that reason, within 0.8 s; rejects with whatever else it rejects with. */
export const acrossClosing = async <T>(work: () => Promise<T>): Promise<T> => {
  for (const ms of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isClosing(error)) throw error;
    }
    await pause(ms);
  }
  return work();
};

/** The client wraps the server's error into its own. */
const isClosing = (error: unknown): boolean => {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === EXHAUSTED && cause.details.includes(CLOSING);
};
