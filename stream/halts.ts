import type { Redis } from 'ioredis';
import type { HaltReason, Halts } from './event-log.ts';
import { HALTS } from './scripts.ts';

/**
 * Hears of halts over a connection of `connectSubscriber`. One channel for all conversations: they are rare, and to join one
 * per turn would cost two commands for each reply.
 */
export const createHalts = (subscriber: Redis): Halts => {
  const watching = new Map<string, Set<(why: HaltReason) => void>>();
  subscriber.on('message', (channel: string, halted: string) => {
    if (channel !== HALTS) return;
    const [, turn = '', why] = /^(\S+ \d+) (halted|raised)$/.exec(halted) ?? [];
    for (const onHalt of watching.get(turn) ?? []) onHalt(why === 'halted' ? 'halted' : 'raised');
  });
  // A subscription that fails is tried again with the next connection; until then a halt is noticed at the next append.
  const join = () => void subscriber.subscribe(HALTS).catch(() => undefined);
  subscriber.on('ready', join);
  if (subscriber.status === 'ready') join();

  return {
    watch(conversationId, turn, onHalt) {
      const key = `${conversationId} ${turn}`;
      const watchers = watching.get(key) ?? new Set();
      watching.set(key, watchers.add(onHalt));
      return () => {
        watchers.delete(onHalt);
        if (watchers.size === 0) watching.delete(key);
      };
    },
  };
};
