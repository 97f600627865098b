import { Redis, type RedisOptions } from 'ioredis';
import { FAILURE } from '../contracts/failures.ts';

/** An answer takes 0.2 ms; a process whose event loop was blocked for 2 s must not take its own pause for Redis's. */
const ANSWER_MS = 3_000;
const CONNECT_MS = 2_000;
/** A subscriber may hear nothing for hours and would never notice a half-open connection; its pings go unanswered. */
const PING_MS = 1_000;
/** The longest pause between two attempts to connect, before up to 100 ms of jitter. */
const RETRY_MS = 500;

/**
 * Nothing waits and nothing is sent twice. A command is refused at once while there is no connection (the offline queue
 * would still send it after its caller was told that it failed), and what was in flight when the connection broke is
 * rejected, not resent (its effect may stand: a second append would repeat text). A connection that owes an answer and is
 * silent for `ANSWER_MS` is closed, so even a subscriber notices within 4 s. There is no time-out per command besides: it
 * would give up what is only queued behind 10,000 resubscriptions.
 */
const limits = (name: string) =>
  ({
    connectionName: name,
    connectTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: (times) => Math.min(25 * 2 ** Math.min(times, 10), RETRY_MS) + Math.random() * 100,
    // A demoted primary answers READONLY: the address may lead to the new one by now.
    reconnectOnError: (error) => error.message.includes('READONLY'),
  }) satisfies RedisOptions;

/** Told of every lost or refused connection, without arguments or secrets. Reconnecting goes on by itself. */
export type OnConnectionError = (error: StreamUnavailable) => void;

const connect = (url: string, name: string, onError: OnConnectionError): Redis => {
  const redis = new Redis(url, limits(name));
  redis.on('error', (error) => onError(unavailable('connect', error)));
  return redis;
};

/** The connection for everything but subscriptions; one per process is enough. `disconnect()` ends it. */
export const connectCommands = (url: string, onError: OnConnectionError): Redis => connect(url, 'duradesk', onError);

/** The connection that subscriptions of a process share. It resubscribes nothing by itself: `createEventReader` does. */
export const connectSubscriber = (url: string, onError: OnConnectionError): Redis => {
  const redis = connect(url, 'duradesk-live', onError);
  let pings: NodeJS.Timeout | undefined;
  redis.on('ready', () => {
    pings = setInterval(() => void redis.ping().catch(() => undefined), PING_MS).unref();
  });
  redis.on('close', () => clearInterval(pings));
  return redis;
};

/** Resolves when `redis` takes commands; rejects with `StreamUnavailable` after `withinMs`, leaving it to keep trying. */
export const ready = (redis: Redis, withinMs = 5_000): Promise<void> =>
  new Promise((resolve, reject) => {
    if (redis.status === 'ready') return resolve();
    const onReady = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      redis.off('ready', onReady);
      reject(new StreamUnavailable(`Redis was not ready within ${withinMs} ms: start it or correct REDIS_URL`));
    }, withinMs);
    redis.once('ready', onReady);
  });

/** Redis did not serve a command: unreachable, too slow, read-only, or out of memory. What it was doing may have happened. */
export class StreamUnavailable extends Error {
  override readonly name = FAILURE.streamUnavailable;
}

/**
 * Turns whatever a Redis command rejects with into `StreamUnavailable`. The client's error is dropped, not kept as `cause`:
 * it carries the command with its arguments, which are customers' words and the password, and would end in logs.
 */
export const served = async <T>(command: string, reply: Promise<T>): Promise<T> => {
  try {
    return await reply;
  } catch (error) {
    throw unavailable(command, error);
  }
};

export const unavailable = (command: string, error: unknown): StreamUnavailable =>
  new StreamUnavailable(
    `Redis did not serve "${command}" (${error instanceof Error ? error.message : String(error)}): check the server at REDIS_URL`,
  );
