import type { Redis } from 'ioredis';
import { served } from './connection.ts';

/** Where the consoles of one agent listen. Nothing is kept: who connects later reads the open offers from Postgres. */
export const agentChannelOf = (agent: string): string => `duradesk:agent:${agent}`;

/** The publishing end, over a connection of `connectCommands`. Rejects with `StreamUnavailable`. */
export const createAgentChannel = (redis: Redis) => ({
  async publish(agent: string, news: object): Promise<void> {
    await served('publish', redis.publish(agentChannelOf(agent), JSON.stringify(news)));
  },
});
