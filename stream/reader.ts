import type { Redis } from 'ioredis';
import { served } from './connection.ts';
import { decodeEntries, decodePublication } from './entry.ts';
import type { EventReader } from './event-log.ts';
import { defineScripts, keysOf } from './scripts.ts';
import { createSubscriptions } from './subscriptions.ts';

/**
 * The reading end, over a connection of `connectCommands` and one of `connectSubscriber` that this reader has for itself.
 * `sharded` as the writers were told. Listeners share one array per publication; they must neither change it nor throw.
 */
export const createEventReader = (
  commands: Redis,
  subscriber: Redis,
  { sharded = false }: { sharded?: boolean } = {},
): EventReader => {
  defineScripts(commands);
  const subscribe = createSubscriptions(subscriber, sharded, decodePublication);
  return {
    async head(conversationId) {
      const reply = await served('head', commands.duradeskHead(...keysOf(conversationId)));
      if (!reply) return null;
      const [generation, seq, first, turn, turnStart] = reply;
      return { generation, seq, first, turn, turnStart };
    },

    async after(conversationId, { generation, seq }, limit) {
      if (!Number.isSafeInteger(seq) || seq < 0) return { continuous: false };
      const reply = await served('after', commands.duradeskAfter(...keysOf(conversationId), generation, seq, limit));
      const texts = reply?.map(([, [, text]]) => text);
      const events = texts && decodeEntries(generation, seq + 1, texts);
      return events ? { continuous: true, events } : { continuous: false };
    },

    subscribe(conversationId, listener) {
      const [, , live] = keysOf(conversationId);
      return subscribe(live, listener);
    },
  };
};
