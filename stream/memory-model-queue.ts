import {
  burstOf,
  type ModelLimits,
  type ModelQueue,
  PAUSE_MS,
  type Place,
  type PlaceRequest,
  refillOf,
  tokenBurstOf,
  tokenRefillOf,
} from './model-queue.ts';

type Waiter = PlaceRequest & { begun: number; give(place: Place): void };
type Share = { rank: PlaceRequest['rank']; tag: number; waiters: Waiter[] };

const RANKS = ['live', 'background'] as const;

/**
 * The queue in one process: for tests, and for the time that Redis is away. It passes the same contract tests.
 *
 * @param limits asked at each step, since a process's part of them changes with the number of processes
 */
export const createMemoryModelQueue = (limits: () => ModelLimits): ModelQueue => {
  const shares = new Map<string, Share>();
  const served = new Map<string, number>();
  const virtual = { live: 0, background: 0 };
  let reduced = Number.POSITIVE_INFINITY;
  let talking = 0;
  let requests = Number.POSITIVE_INFINITY;
  let tokens = Number.POSITIVE_INFINITY;
  let at = performance.now();
  let pausedUntil = 0;
  let reducedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const limitNow = () => Math.max(1, Math.floor(Math.min(reduced, limits().concurrency)));

  const refill = (now: number) => {
    const { requestsPerMinute, tokensPerMinute } = limits();
    requests = Math.min(burstOf(requestsPerMinute), requests + (now - at) * refillOf(requestsPerMinute));
    tokens = Math.min(tokenBurstOf(tokensPerMinute), tokens + (now - at) * tokenRefillOf(tokensPerMinute));
    at = now;
  };

  const costOf = ({ tokens: wanted }: PlaceRequest) => Math.min(wanted, tokenBurstOf(limits().tokensPerMinute));

  /** Lowest rank, then tag; a map keeps the order of arrival. */
  const next = (): [key: string, share: Share] | undefined =>
    RANKS.map((rank) =>
      [...shares].reduce<[string, Share] | undefined>(
        (best, one) => (one[1].rank === rank && (!best || one[1].tag < best[1].tag) ? one : best),
        undefined,
      ),
    ).find((found) => found !== undefined);

  /** In how many ms there may be a place for this call, 0 where there is one; infinite when only the end of a call brings one. */
  const due = (waiter: Waiter, now: number): number => {
    if (pausedUntil > now) return pausedUntil - now;
    if (talking >= limitNow()) return Number.POSITIVE_INFINITY;
    const { requestsPerMinute, tokensPerMinute } = limits();
    if (requests < 1) return (1 - requests) / refillOf(requestsPerMinute);
    return Math.max(0, (costOf(waiter) - tokens) / tokenRefillOf(tokensPerMinute));
  };

  const pump = (): void => {
    clearTimeout(timer);
    const now = performance.now();
    refill(now);
    for (;;) {
      const [key, share] = next() ?? [];
      const [waiter] = share?.waiters ?? [];
      if (key === undefined || !share || !waiter) break;
      const wait = due(waiter, now);
      if (wait > 0) {
        if (Number.isFinite(wait)) timer = setTimeout(pump, Math.ceil(wait));
        break;
      }
      share.waiters.shift();
      virtual[share.rank] = Math.max(virtual[share.rank], share.tag);
      served.set(key, share.tag);
      // To the end of the map: behind those that have waited longer for the same tag.
      shares.delete(key);
      if (share.waiters.length > 0) shares.set(key, { ...share, tag: share.tag + 1 });
      requests -= 1;
      tokens -= costOf(waiter);
      talking += 1;
      waiter.give(placeFor(waiter, now));
    }
    if (shares.size > 0) return;
    served.clear();
    Object.assign(virtual, { live: 0, background: 0 });
  };

  const placeFor = (waiter: Waiter, since: number): Place => {
    let left = false;
    return {
      waitedMs: since - waiter.begun,
      leave({ result, tokens: used, retryAfterMs = PAUSE_MS }) {
        if (left) return;
        left = true;
        const now = performance.now();
        talking -= 1;
        if (used !== undefined) tokens += costOf(waiter) - used;
        if (result === 'slow_down') {
          pausedUntil = Math.max(pausedUntil, now + retryAfterMs);
          if (since > reducedAt) {
            reduced = Math.max(1, Math.floor(limitNow() / 2));
            reducedAt = now;
          }
        } else if (result === 'ok' && Number.isFinite(reduced)) {
          reduced += 1 / reduced;
          if (reduced >= limits().concurrency) reduced = Number.POSITIVE_INFINITY;
        }
        pump();
      },
    };
  };

  return {
    enter(request, signal) {
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const key = `${request.rank} ${request.share}`;
        const forget = () => {
          const share = shares.get(key);
          const index = share?.waiters.indexOf(waiter) ?? -1;
          if (index >= 0) share?.waiters.splice(index, 1);
          if (share?.waiters.length === 0) shares.delete(key);
          clearTimeout(late);
          signal.removeEventListener('abort', abort);
        };
        const abort = () => {
          forget();
          reject(signal.reason);
          pump();
        };
        const expire = () => {
          forget();
          resolve(null);
          pump();
        };
        const give = (place: Place) => {
          forget();
          resolve(place);
        };
        const waiter: Waiter = { ...request, begun: performance.now(), give };
        const late = setTimeout(expire, request.withinMs);
        signal.addEventListener('abort', abort, { once: true });
        const tag = Math.max(virtual[request.rank], served.get(key) ?? 0) + 1;
        const share = shares.get(key) ?? { rank: request.rank, tag, waiters: [] };
        shares.set(key, share);
        share.waiters.push(waiter);
        pump();
      });
    },
    standing: () => ({
      waiting: [...shares.values()].reduce((sum, { waiters }) => sum + waiters.length, 0),
      talking,
      limit: limitNow(),
    }),
    close: () => clearTimeout(timer),
  };
};
