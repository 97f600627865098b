import type { Redis } from 'ioredis';
import { served, unavailable } from './connection.ts';

export type Listener<T> = { onEvents(published: T): void; onGap(): void };

/** `live` settles with the subscription on the connection of the moment. Each member is one call of `subscribe`. */
type Channel<T> = { members: Set<{ listener: Listener<T> }>; live: Promise<unknown> };

/**
 * All subscriptions of one kind of a process over one connection of `connectSubscriber`: a channel is joined by its first
 * listener and left with the last. A publication is decoded once and the same value handed to all, so nobody may change
 * it; one that `decode` cannot read, `null`, is a gap.
 */
export const createSubscriptions = <T>(redis: Redis, sharded: boolean, decode: (text: string) => T | null) => {
  const channels = new Map<string, Channel<T>>();
  const join = (name: string): Promise<unknown> =>
    served('subscribe', sharded ? redis.ssubscribe(name) : redis.subscribe(name));
  const leave = (name: string): Promise<unknown> => (sharded ? redis.sunsubscribe(name) : redis.unsubscribe(name));

  redis.on(sharded ? 'smessage' : 'message', (name: string, text: string) => {
    const members = channels.get(name)?.members;
    if (!members) return;
    const published = decode(text);
    for (const { listener } of members) published !== null ? listener.onEvents(published) : listener.onGap();
  });

  // The client's own resubscription does not say when it is done (and a failure of it is an unhandled rejection). A gap
  // must be told after that: whoever catches up earlier could miss what is published in between.
  const resume = async (): Promise<void> => {
    for (const [name, channel] of channels) channel.live = join(name);
    try {
      await Promise.all([...channels.values()].map((channel) => channel.live));
    } catch {
      if (redis.status === 'ready') redis.disconnect(true);
      return;
    }
    for (const { members } of channels.values()) for (const { listener } of members) listener.onGap();
  };
  redis.on('ready', () => void resume());

  return async (name: string, listener: Listener<T>): Promise<() => void> => {
    if (redis.status !== 'ready') throw unavailable('subscribe', 'no connection');
    const channel = channels.get(name) ?? { members: new Set(), live: join(name) };
    channels.set(name, channel);
    const member = { listener };
    channel.members.add(member);
    const end = () => {
      if (!channel.members.delete(member) || channel.members.size > 0) return;
      channels.delete(name);
      // Without a connection there is nothing to leave: only what is in `channels` is joined again.
      leave(name).catch(() => undefined);
    };
    try {
      await channel.live;
      return end;
    } catch (error) {
      end();
      throw error;
    }
  };
};
