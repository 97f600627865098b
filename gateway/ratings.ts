import type { FastifyBaseLogger } from 'fastify';
import type { ErrorCode, Rate } from '../contracts/frames.ts';
import type { Ratings as Store } from '../store/ratings.ts';
import { within } from './deadline.ts';
import type { Link } from './link.ts';

/** A row is written within milliseconds; whoever waits longer is told, and sends it again. */
const CALL_MS = 1_500;
const RETRY_MS = 1_000;

export type RatingsDeps = {
  conversationId: string;
  ratings: Store;
  link: Link;
  log: FastifyBaseLogger;
  /** 0, or the milliseconds until the sender may rate again. */
  takeTurn(): number;
};

/** Takes a connection's rating of its conversation, one at a time, and says which one counts: the first, however often it comes. */
export const createRatings = ({ conversationId, ratings, link, log, takeTurn }: RatingsDeps) => {
  let working: Promise<void> | undefined;

  const refuse = (commandId: string, code: ErrorCode, message: string, retryAfterMs?: number): void =>
    link.send({ type: 'error', code, message, commandId, ...(retryAfterMs !== undefined && { retryAfterMs }) });

  const keep = async ({ commandId, score, comment }: Rate): Promise<void> => {
    try {
      const counts = await within(CALL_MS, 'rate', ratings.give(conversationId, score, comment ?? null));
      if (counts === null) refuse(commandId, 'expired', 'nobody has asked for a rating');
      else link.send({ type: 'rated', commandId, score: counts });
    } catch (error) {
      log.warn({ conversationId, reason: String(error) }, 'a rating was not kept');
      refuse(commandId, 'unavailable', 'not kept, send it again', RETRY_MS);
    }
  };

  return {
    accept(rate: Rate): void {
      const wait = working ? RETRY_MS : takeTurn();
      if (wait > 0) refuse(rate.commandId, 'rate_limited', 'too many ratings', wait);
      else
        working = keep(rate).finally(() => {
          working = undefined;
        });
    },
    /** Resolves when nothing waits for Postgres. */
    idle: async (): Promise<void> => working,
  };
};

export type Ratings = ReturnType<typeof createRatings>;
