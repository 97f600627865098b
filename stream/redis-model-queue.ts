import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { served } from './connection.ts';
import { createMemoryModelQueue } from './memory-model-queue.ts';
import {
  burstOf,
  type CallEnd,
  type ModelLimits,
  type ModelQueue,
  PAUSE_MS,
  type Place,
  type PlaceRequest,
  type QueueStanding,
  refillOf,
  tokenBurstOf,
  tokenRefillOf,
} from './model-queue.ts';
import { defineQueueScripts, grantsOf, modelKeysOf } from './model-queue-scripts.ts';

export type ModelQueueOptions = {
  /** Server and name of the model: those who say the same share its places. */
  model: string;
  limits: ModelLimits;
  /** Told when this process goes on by itself, without Redis. */
  onAway(error: Error): void;
};

/** `given`: a place may be taken up. `lost`: Redis does not know of the call any more. `away`: Redis does not answer. */
type News = 'given' | 'lost' | 'away' | 'late' | 'aborted';

/** `member` is how it waits in Redis, '' until that is known. */
type Waiter = { member: string; tell(news: News): void };

/** The first number of what every script returns; see `Standing` there. */
type Reply = [number, number, number, number, number, 0 | 1, string, ...unknown[]];

const TICK_MS = 1_000;
/** Without calls a process only says that it is there, which is how the others know their part when Redis goes. */
const IDLE_TICK_MS = 5_000;
const SOONEST_MS = 10;

/**
 * The queue over Redis, for all processes that ask the same model: one clock, one order, one count. Each process has one
 * timer for all its calls. While Redis is away a process goes on with its part of the limits (those divided by the processes
 * that were last there, one call at least), and Redis learns of its calls within a second of being back.
 *
 * @param subscriber a connection of `connectSubscriber`, shared with others
 */
export const createModelQueue = (
  redis: Redis,
  subscriber: Redis,
  { model, limits, onAway }: ModelQueueOptions,
): ModelQueue => {
  defineQueueScripts(redis);
  const tag = `model:${createHash('sha256').update(model).digest('base64url').slice(0, 22)}`;
  const process = randomBytes(12).toString('base64url');
  const grants = grantsOf(tag, process);
  const { concurrency, requestsPerMinute, tokensPerMinute } = limits;
  const common = [
    ...modelKeysOf(tag),
    ...[process, concurrency, refillOf(requestsPerMinute), burstOf(requestsPerMinute)],
    ...[tokenRefillOf(tokensPerMinute), tokenBurstOf(tokensPerMinute), grantsOf(tag, '')],
  ] as const;

  const waiting = new Map<string, Waiter>();
  const held = new Set<string>();
  let standing: QueueStanding = { waiting: 0, talking: 0, limit: concurrency };
  let peers = 1;
  /** Places taken without Redis. */
  let alone = 0;
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let isTicking = false;
  let isClosed = false;

  /** Less what this process already has of Redis. */
  const ownPart = (): number => Math.floor(concurrency / peers) - (held.size - alone);
  const own = createMemoryModelQueue(() => ({
    concurrency: Math.max(1, ownPart()),
    requestsPerMinute: Math.max(1, Math.floor(requestsPerMinute / peers)),
    tokensPerMinute: Math.max(1, Math.floor(tokensPerMinute / peers)),
  }));

  const onMessage = (channel: string, call: string) => {
    if (channel === grants) waiting.get(call)?.tell('given');
  };
  subscriber.on('message', onMessage);
  // One that fails is tried again with the next connection; until then a place is noticed at the next tick.
  const join = () => void subscriber.subscribe(grants).catch(() => undefined);
  subscriber.on('ready', join);
  if (subscriber.status === 'ready') join();
  // The others learn that there is one more to share with.
  const greet = () => schedule(0);
  redis.on('ready', greet);

  const schedule = (ms: number) => {
    const at = performance.now() + ms;
    if (isClosed || isTicking || at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(() => void tick(), ms);
    timer.unref();
  };

  if (redis.status === 'ready') greet();

  const usualPause = () => (waiting.size + held.size > 0 ? TICK_MS : IDLE_TICK_MS);

  const heard = <R extends Reply>(reply: R): R => {
    const [next, waitingNow, talking, limit, peersNow, isNew] = reply;
    standing = { waiting: waitingNow, talking, limit };
    peers = Math.max(1, peersNow);
    // Redis has lost its data: it must hear of the calls under way before others get their places.
    if (isNew === 1 && held.size > 0) schedule(0);
    else schedule(waiting.size > 0 && next >= 0 ? Math.max(SOONEST_MS, Math.min(next, TICK_MS)) : usualPause());
    return reply;
  };

  const tick = async (): Promise<void> => {
    due = Number.POSITIVE_INFINITY;
    isTicking = true;
    const asked = [...waiting].filter(([, { member }]) => member !== '');
    const calls = asked.flatMap(([call, { member }]) => [call, member]);
    try {
      const reply = await served('queue tick', redis.duradeskQueueTick(...common, held.size, ...held, ...calls));
      isTicking = false;
      for (const [index, [call]] of asked.entries()) {
        const found = reply[7][index];
        if (found !== '1') waiting.get(call)?.tell(found === '2' ? 'given' : 'lost');
      }
      heard(reply);
    } catch (error) {
      isTicking = false;
      if (waiting.size > 0 && error instanceof Error) onAway(error);
      for (const { tell } of [...waiting.values()]) tell('away');
      schedule(usualPause());
    }
  };

  /** What is said of a call while it waits; a place may be given before Redis has said that it waits. */
  const listen = (call: string, signal: AbortSignal) => {
    let tell: (news: News) => void = () => {};
    const news = new Promise<News>((resolve) => {
      tell = (what) => {
        waiting.delete(call);
        signal.removeEventListener('abort', abort);
        resolve(what);
      };
    });
    const abort = () => tell('aborted');
    signal.addEventListener('abort', abort, { once: true });
    const waiter: Waiter = { member: '', tell };
    waiting.set(call, waiter);
    return { waiter, news };
  };

  const quietly = (command: Promise<Reply>): void => void command.then(heard, () => undefined);

  const placeOf = (call: string, request: PlaceRequest, waitedMs: number, since: string): Place => {
    held.add(call);
    schedule(TICK_MS);
    return {
      waitedMs,
      leave(end) {
        if (!held.delete(call)) return;
        quietly(redis.duradeskQueueLeave(...common, call, since, ...endOf(end, request)));
      },
    };
  };

  /** With this process's part of the limits; Redis hears of the place at the next tick that reaches it. */
  const enterOwn = async (request: PlaceRequest, signal: AbortSignal): Promise<Place | null> => {
    const place = await own.enter(request, signal);
    if (!place) return null;
    alone += 1;
    const shown = placeOf(randomBytes(12).toString('base64url'), request, place.waitedMs, '0');
    let isLeft = false;
    return {
      waitedMs: place.waitedMs,
      leave(end) {
        if (isLeft) return;
        isLeft = true;
        alone -= 1;
        shown.leave(end);
        place.leave(end);
      },
    };
  };

  /** One attempt: until there is a place, it is too late, or Redis knows nothing of the call any more. */
  const attempt = async (
    request: PlaceRequest,
    signal: AbortSignal,
    waitedMs: () => number,
  ): Promise<Place | null | 'lost' | 'away'> => {
    const call = randomBytes(12).toString('base64url');
    const { rank, share, tokens, withinMs } = request;
    const { waiter, news } = listen(call, signal);
    const abandon = () => quietly(redis.duradeskQueueAbandon(...common, call, waiter.member, tokens));
    const ranked = `${rank === 'live' ? 0 : 1}${share}`;
    const left = Math.ceil(withinMs);
    let reply: Awaited<ReturnType<typeof redis.duradeskQueueEnter>>;
    try {
      reply = await served('queue enter', redis.duradeskQueueEnter(...common, ranked, call, left, Math.ceil(tokens)));
    } catch (error) {
      if (error instanceof Error) onAway(error);
      waiter.tell('away');
      return (await news) === 'aborted' ? null : 'away';
    }
    waiter.member = reply[7];
    heard(reply);
    if (waiter.member === '') {
      waiter.tell('given');
      if ((await news) === 'given') return placeOf(call, request, waitedMs(), reply[6]);
      abandon();
      return null;
    }
    if (left === 0) {
      waiter.tell('late');
      return null;
    }
    const late = setTimeout(() => waiter.tell('late'), withinMs);
    const heardOf = await news;
    clearTimeout(late);
    if (heardOf === 'lost' || heardOf === 'away') return heardOf;
    if (heardOf !== 'given') {
      abandon();
      return null;
    }
    try {
      const taken = heard(await served('queue take', redis.duradeskQueueTake(...common, call)));
      if (taken[7] === 0) return 'lost';
      return placeOf(call, request, waitedMs(), taken[6]);
    } catch {
      return 'away';
    }
  };

  return {
    async enter(request, signal) {
      const begun = performance.now();
      const waitedMs = () => performance.now() - begun;
      for (;;) {
        signal.throwIfAborted();
        const left = { ...request, withinMs: Math.max(0, request.withinMs - waitedMs()) };
        const got = await attempt(left, signal, waitedMs);
        if (got === 'away')
          return enterOwn({ ...request, withinMs: Math.max(0, request.withinMs - waitedMs()) }, signal);
        if (got === 'lost') continue;
        if (signal.aborted) got?.leave({ result: 'failed', tokens: 0 });
        signal.throwIfAborted();
        return got;
      }
    },
    standing: () => standing,
    close() {
      isClosed = true;
      clearTimeout(timer);
      own.close();
      subscriber.off('message', onMessage);
      subscriber.off('ready', join);
      redis.off('ready', greet);
    },
  };
};

const endOf = ({ result, tokens, retryAfterMs }: CallEnd, request: PlaceRequest) => [
  result,
  Math.ceil(request.tokens),
  tokens ?? '',
  retryAfterMs ?? PAUSE_MS,
];
