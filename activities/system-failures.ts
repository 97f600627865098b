import { ApplicationFailure } from '@temporalio/activity';
import { FAILURE } from '../contracts/failures.ts';
import { RemoteRefused, RemoteUnavailable } from '../integrations/remote-api.ts';

/**
 * Failures of the company's systems as Temporal retries them: after the time that the system asked for, or never. What was
 * done is looked up by its key in the next attempt, so none of them does anything twice.
 */
export const throughSystems = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RemoteRefused) throw ApplicationFailure.nonRetryable(error.message, FAILURE.systemRefused);
    if (!(error instanceof RemoteUnavailable)) throw error;
    const { message, retryAfterMs } = error;
    throw ApplicationFailure.create({
      message,
      type: FAILURE.systemUnavailable,
      ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
    });
  }
};
