import { createHash } from 'node:crypto';
import type { Redis, Result } from 'ioredis';
import { served } from './connection.ts';

// A company's record of a customer, close at hand. Keys, each by the hash of an id, since ids may be e-mail addresses:
//   profile:<customer>         hash: version, text. A change raises the version and drops the text.
//   profile-record:<record>    the customer whose record it is in the CRM
//   profile-changed:<record>   there while a change is so new that a copy under way may be from before it

/** How long a copy serves, seconds. Webhooks end it earlier. */
const SERVES_S = 600;

/** Longer than any look-up in a CRM takes, seconds: three attempts of its 10 s. */
const SETTLES_S = 30;

/** `version` is what the next copy must be put with. */
export type HotProfile = { version: number; text: string | null };

/** Every method rejects with `StreamUnavailable`. */
export interface HotProfiles {
  /** One round to Redis. */
  get(customerId: string): Promise<HotProfile>;
  /**
   * Keeps a copy that was asked for after `get` had told `version`. `false`: the record changed meanwhile, and the copy is
   * not kept. `recordId` is the CRM's own id, by which it tells of changes; `null` for nobody.
   */
  put(customerId: string, version: number, copy: { recordId: string | null; text: string }): Promise<boolean>;
  /** The company says that a customer's record changed. */
  changed(customerId: string): Promise<void>;
  /** The CRM says that one of its records changed. */
  recordChanged(recordId: string): Promise<void>;
}

const put = `
if (redis.call('HGET', KEYS[1], 'version') or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'text', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
`;

const change = `
redis.call('HINCRBY', KEYS[1], 'version', 1)
redis.call('HDEL', KEYS[1], 'text')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return redis.status_reply('OK')
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    duradeskPutProfile(key: string, version: number, text: string, seconds: number): Result<number, Context>;
    duradeskChangeProfile(key: string, seconds: number): Result<'OK', Context>;
  }
}

const hashed = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** Over a connection of `connectCommands`. Each command has one key, so a cluster serves as well. */
export const createHotProfiles = (redis: Redis): HotProfiles => {
  redis.defineCommand('duradeskPutProfile', { lua: put, numberOfKeys: 1 });
  redis.defineCommand('duradeskChangeProfile', { lua: change, numberOfKeys: 1 });

  const keyOf = (customer: string) => `profile:${customer}`;
  const invalidate = (customer: string) =>
    served('change', redis.duradeskChangeProfile(keyOf(customer), SERVES_S)).then(() => undefined);

  return {
    async get(customerId) {
      const [version, text] = await served('profile', redis.hmget(keyOf(hashed(customerId)), 'version', 'text'));
      return { version: Number(version ?? 0), text: text ?? null };
    },

    async put(customerId, version, { recordId, text }) {
      const customer = hashed(customerId);
      if (recordId !== null) {
        // First the way from record to customer, then the look for a change: whoever tells of one does it the other way
        // round, so one of the two sees the other.
        const record = hashed(recordId);
        await served('profile', redis.set(`profile-record:${record}`, customer, 'EX', 2 * SERVES_S));
        if (await served('profile', redis.exists(`profile-changed:${record}`))) return false;
      }
      return (await served('profile', redis.duradeskPutProfile(keyOf(customer), version, text, SERVES_S))) === 1;
    },

    changed: (customerId) => invalidate(hashed(customerId)),

    async recordChanged(recordId) {
      const record = hashed(recordId);
      await served('change', redis.set(`profile-changed:${record}`, 1, 'EX', SETTLES_S));
      const customer = await served('change', redis.get(`profile-record:${record}`));
      if (customer !== null) await invalidate(customer);
    },
  };
};
