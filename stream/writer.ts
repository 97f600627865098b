import type { Redis } from 'ioredis';
import { served } from './connection.ts';
import { encodeEvent, newGeneration } from './entry.ts';
import type { EventWriter } from './event-log.ts';
import { defineScripts, keysOf } from './scripts.ts';

export type EventWriterOptions = {
  /** Events kept per conversation, 200 bytes each: several turns of 50 to 200 deltas. Behind that there is a snapshot. */
  maxEvents?: number;
  /** `exact` costs Redis more; otherwise up to 100 events more are kept (whole nodes of the stream are dropped). */
  exact?: boolean;
  /** A log that nobody wrote to for so long is forgotten, fence included; its text is in Postgres. */
  idleSeconds?: number;
  /** Redis Cluster: publish within the shard, else every node hears every event. The reader must be told the same. */
  sharded?: boolean;
};

/**
 * The writing end over a connection of `connectCommands`. After a rejection nobody knows whether the events stand: do not
 * append them again, open another attempt.
 */
export const createEventWriter = (
  redis: Redis,
  { maxEvents = 1_000, exact = false, idleSeconds = 24 * 3_600, sharded = false }: EventWriterOptions = {},
): EventWriter => {
  const settings = [idleSeconds, sharded ? 'SPUBLISH' : 'PUBLISH', exact ? '=' : '~', maxEvents];
  defineScripts(redis);
  return {
    async open(conversationId, { term, turn }, { once, always, closing = false }) {
      const keys = keysOf(conversationId);
      const fallback = newGeneration();
      // The script opens only the attempt that the events were written for, and says which one is next when it is another:
      // no text is searched for a placeholder. A second round (0.2 ms) is for a repeated turn, a third only in a race.
      for (let attempt = 1; ; ) {
        const events = (attempt === 1 ? [...once, ...always(attempt)] : always(attempt)).map(encodeEvent);
        const opened = await served(
          'open',
          redis.duradeskOpen(...keys, ...settings, term, turn, attempt, fallback, closing ? 1 : 0, ...events),
        );
        if (opened === null) return 'stale';
        if (opened === 0) return 'halted';
        if (typeof opened === 'string') return { conversationId, term, turn, attempt, generation: opened };
        attempt = opened;
      }
    },

    async append({ conversationId, generation, term, turn, attempt }, events) {
      const draft = `${term}.${turn}.${attempt}`;
      const seq = await served(
        'append',
        redis.duradeskAppend(...keysOf(conversationId), ...settings, generation, draft, ...events.map(encodeEvent)),
      );
      return seq === null ? 'stale' : { generation, seq };
    },

    async announce(conversationId, term, events) {
      const encoded = events.map(encodeEvent);
      const seq = await served(
        'announce',
        redis.duradeskAnnounce(...keysOf(conversationId), ...settings, term, ...encoded),
      );
      return seq === null ? 'stale' : 'announced';
    },

    async raise(conversationId, term) {
      const keys = keysOf(conversationId);
      await served('raise', redis.duradeskRaise(...keys, idleSeconds, term, newGeneration(), conversationId));
    },

    async halt(conversationId, turn) {
      await served('halt', redis.duradeskHalt(...keysOf(conversationId), idleSeconds, turn ?? '', conversationId));
    },
  };
};
