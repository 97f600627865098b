import type { Redis, Result } from 'ioredis';
import { served } from './connection.ts';
import { createSubscriptions } from './subscriptions.ts';

// Who looks at a conversation. Keys, in one cluster slot by their hash tag:
//   {id}:viewers, {id}:writers   sorted sets: JSON of connection, agent and name, by when it is no longer true
// and the channel {id}:seen, where nothing is said but that one of them has changed. A node renews what its connections look
// at; whoever a dead node leaves behind runs out.

/** A connection that was not renewed for this long looks no more, milliseconds. */
export const VIEWING_MS = 12_000;
/** Renewed this often, it survives two renewals that fail. Whoever renews also sees whom a dead node left behind. */
export const RENEW_MS = 4_000;
/** Consoles say every few seconds that somebody writes. */
const WRITING_MS = 6_000;

/** One look at a conversation. `connection` tells two windows of one agent apart. */
export type Viewer = { connection: string; id: string; name: string };
export type Viewing = { id: string; name: string; typing: boolean }[];

/** Every method rejects with `StreamUnavailable`. */
export interface Viewers {
  /** Is looking, and `writing` where that is so; resolves with all who look, this agent excepted. */
  look(conversationId: string, viewer: Viewer, writing?: boolean): Promise<Viewing>;
  leave(conversationId: string, viewer: Viewer): Promise<void>;
  /** Calls `onChange` when others come, go or write. Resolves once it is live; the result ends it. */
  watch(conversationId: string, onChange: () => void): Promise<() => void>;
}

/** ARGV: the member, for how long it looks and writes (0: not, '': as it is), milliseconds. */
const look = `
local viewers, writers, channel = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local changed = redis.call('ZREMRANGEBYSCORE', viewers, '-inf', now) + redis.call('ZREMRANGEBYSCORE', writers, '-inf', now)
local function set(key, milliseconds)
  if milliseconds == '' then return end
  if milliseconds == '0' then
    changed = changed + redis.call('ZREM', key, ARGV[1])
  else
    changed = changed + redis.call('ZADD', key, now + milliseconds, ARGV[1])
    redis.call('PEXPIRE', key, milliseconds * 2)
  end
end
set(viewers, ARGV[2])
set(writers, ARGV[3])
if changed > 0 then redis.call('PUBLISH', channel, 'changed') end
return { redis.call('ZRANGE', viewers, 0, -1), redis.call('ZRANGE', writers, 0, -1) }
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    duradeskLook(
      viewers: string,
      writers: string,
      channel: string,
      member: string,
      viewing: number,
      writing: number | '',
    ): Result<[viewers: string[], writers: string[]], Context>;
  }
}

const keysOf = (id: string): [string, string, string] => [`{${id}}:viewers`, `{${id}}:writers`, `{${id}}:seen`];
const memberOf = ({ connection, id, name }: Viewer): string => JSON.stringify([connection, id, name]);

/** Over connections of `connectCommands` and `connectSubscriber`. */
export const createViewers = (commands: Redis, subscriber: Redis): Viewers => {
  commands.defineCommand('duradeskLook', { lua: look, numberOfKeys: 3 });
  const subscribe = createSubscriptions(subscriber, false, (text) => text);
  return {
    async look(conversationId, viewer, writing) {
      const [viewers, writers] = await served(
        'look',
        commands.duradeskLook(
          ...keysOf(conversationId),
          memberOf(viewer),
          VIEWING_MS,
          writing === undefined ? '' : writing ? WRITING_MS : 0,
        ),
      );
      return othersOf(viewer.id, viewers, new Set(writers));
    },

    async leave(conversationId, viewer) {
      await served('look', commands.duradeskLook(...keysOf(conversationId), memberOf(viewer), 0, 0));
    },

    watch: (conversationId, onChange) => subscribe(keysOf(conversationId)[2], { onEvents: onChange, onGap: onChange }),
  };
};

/** Two windows of one agent are one viewer, who writes when either does. */
const othersOf = (own: string, viewers: readonly string[], writers: ReadonlySet<string>): Viewing => {
  const found = new Map<string, Viewing[number]>();
  for (const member of viewers) {
    const [, id, name] = JSON.parse(member) as [string, string, string];
    if (id === own) continue;
    const typing = writers.has(member) || found.get(id)?.typing === true;
    found.set(id, { id, name, typing });
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
};
