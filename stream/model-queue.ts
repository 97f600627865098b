/** What one model may be asked at most, over all processes that ask it. */
export type ModelLimits = { concurrency: number; requestsPerMinute: number; tokensPerMinute: number };

/** Somebody waits for `live` calls: `background` ones get a place only when none of them wants it. */
export type Rank = 'live' | 'background';

/** A call that wants a place. Within a rank, places go round among the `share`s, first come, first served in each. */
export type PlaceRequest = {
  rank: Rank;
  /** Whose part of the model this uses up, without spaces and saying nothing of who it is. */
  share: string;
  /** What the call may cost at most, prompt and answer. */
  tokens: number;
  /** How long the caller waits, milliseconds; 0: only for a place that is free. */
  withinMs: number;
};

/** How a call went: `slow_down` is a 429 or an answer like it. `tokens` is what it cost, where the server said. */
export type CallEnd = { result: 'ok' | 'slow_down' | 'failed'; tokens?: number; retryAfterMs?: number };

/** One call's place at the model, for as long as its process lives. */
export type Place = {
  /** How long the caller waited for it, milliseconds. */
  waitedMs: number;
  /** Gives it back, once. Nobody waits for that. */
  leave(end: CallEnd): void;
};

/** As of the last word from the queue. `limit` is the concurrency in force, lower than configured after a 429. */
export type QueueStanding = { waiting: number; talking: number; limit: number };

export interface ModelQueue {
  /** Resolves with a place, or with `null` when there was none in time. Rejects with the reason of the signal only. */
  enter(request: PlaceRequest, signal: AbortSignal): Promise<Place | null>;
  standing(): QueueStanding;
  /** Stops its timers. Places that are held stay held until they are given back. */
  close(): void;
}

/**
 * Calls that may go out at once. Together with the rate below, no 60 s hold more than `perMinute` calls: providers count so,
 * or by the second. A tenth of a second's worth is lost against the configured rate at 600 per minute.
 */
export const burstOf = (perMinute: number): number => Math.max(1, Math.floor(perMinute / 60));

/** Calls per millisecond that come back after the burst is used up. */
export const refillOf = (perMinute: number): number => (perMinute - burstOf(perMinute) + 1) / 60_000;

/** Tokens that may be asked for at once, a tenth of a minute's; a call that may cost more waits for all of them. */
export const tokenBurstOf = (perMinute: number): number => Math.max(1, Math.floor(perMinute / 10));

/** Tokens per millisecond that come back: burst and refill together stay below `perMinute` in any 60 s. */
export const tokenRefillOf = (perMinute: number): number => (perMinute - tokenBurstOf(perMinute)) / 60_000;

/** A 429 that does not say for how long, milliseconds. */
export const PAUSE_MS = 1_000;
