import type { Redis } from 'ioredis';
import { type ConsoleNews, consoleNews } from '../contracts/console-frames.ts';
import { served } from './connection.ts';
import { createSubscriptions } from './subscriptions.ts';

/** Where the consoles of one agent listen. Nothing is kept: who connects later reads the open offers from Postgres. */
export const agentChannelOf = (agent: string): string => `duradesk:agent:${agent}`;

/** Where everybody listens who looks at a desk's lists. */
export const deskChannelOf = (desk: string): string => `duradesk:desk:${desk}`;

/** The publishing end, over a connection of `connectCommands`. Rejects with `StreamUnavailable`. */
export const createAgentChannel = (redis: Redis) => ({
  async publish(agent: string, news: object): Promise<void> {
    await served('publish', redis.publish(agentChannelOf(agent), JSON.stringify(news)));
  },

  async publishToDesk(desk: string, news: object): Promise<void> {
    await served('publish', redis.publish(deskChannelOf(desk), JSON.stringify(news)));
  },
});

/** The hearing end, over a connection of `connectSubscriber`. `listen` rejects with `StreamUnavailable`. */
export interface ConsoleChannels {
  /**
   * Hears what is published for an agent and at desks. `onGap`: something may have been missed. Resolves once it is live; the
   * result ends it.
   */
  listen(
    to: { agent: string; desks: readonly string[] },
    listener: { onNews(news: ConsoleNews): void; onGap(): void },
  ): Promise<() => void>;
}

export const createConsoleChannels = (subscriber: Redis): ConsoleChannels => {
  const subscribe = createSubscriptions(subscriber, false, readNews);
  return {
    async listen({ agent, desks }, { onNews, onGap }) {
      const names = [agentChannelOf(agent), ...new Set(desks.map(deskChannelOf))];
      const joined = await Promise.allSettled(names.map((name) => subscribe(name, { onEvents: onNews, onGap })));
      const leave = (): void => {
        for (const each of joined) if (each.status === 'fulfilled') each.value();
      };
      const failed = joined.find((each) => each.status === 'rejected');
      if (!failed) return leave;
      leave();
      throw failed.reason;
    },
  };
};

/** A newer worker may say what this node does not know yet: its consoles look again then. */
const readNews = (text: string): ConsoleNews | null => {
  try {
    return consoleNews.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
