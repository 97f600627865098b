import { createHash } from 'node:crypto';
import type { Delivery } from './delivery.ts';
import type { Scheme } from './schemes.ts';

/** How far a sender's clock, and the way to us, may be off. */
const TOLERANCE_MS = 5 * 60_000;

/** Senders try again for a day or two (Zendesk, HubSpot, Jira). */
const REMEMBER_MS = 3 * 24 * 60 * 60_000;

/** Remembers what was seen, for all gateways together. */
export interface SeenStore {
  /** Marks a key for `ttlMs`, in one step. `false`: it is marked already. */
  claim(key: string, ttlMs: number): Promise<boolean>;
  release(key: string): Promise<void>;
}

/** `forged`, `stale` and `replayed` are refused; a `duplicate` was handled before and is acknowledged like the first one. */
export type Verdict = 'handled' | 'duplicate' | 'forged' | 'stale' | 'replayed';

export type InboxOptions = {
  /** Keeps senders apart in the store. */
  source: string;
  scheme: Scheme;
  /** More than one while a secret is being replaced. */
  secrets: readonly string[];
  seen: SeenStore;
  now?: () => Date;
};

/**
 * Lets a delivery through once. The same bytes with the same signature again are a replay; the same event with a new
 * signature is the sender trying again. When handling fails both marks are taken back, so that trying again can help.
 */
export const createInbox = ({ source, scheme, secrets, seen, now = () => new Date() }: InboxOptions) => ({
  /** Rejects with what `handle` or the store rejects with; nothing is remembered then. */
  async receive(delivery: Delivery, handle: () => Promise<void>): Promise<Verdict> {
    const genuine = secrets.map((secret) => scheme(delivery, secret)).find((found) => found !== null);
    if (!genuine) return 'forged';
    const age = now().getTime() - genuine.sentAt.getTime();
    if (!(Math.abs(age) <= TOLERANCE_MS)) return 'stale';

    // Not the header itself, which may be written in more than one way.
    const sent = createHash('sha256').update(genuine.sentAt.toISOString()).update(delivery.body);
    const bytes = `${source}:bytes:${sent.digest('hex')}`;
    const event = genuine.id === null ? null : `${source}:event:${genuine.id}`;
    if (event && !(await seen.claim(event, REMEMBER_MS))) return 'duplicate';
    if (!(await claimed(seen, bytes, event))) return 'replayed';
    try {
      await handle();
      return 'handled';
    } catch (error) {
      await Promise.all([bytes, ...[event ?? []].flat()].map((key) => seen.release(key)));
      throw error;
    }
  },
});

const claimed = async (seen: SeenStore, bytes: string, event: string | null): Promise<boolean> => {
  const first = await seen.claim(bytes, 2 * TOLERANCE_MS);
  if (!first && event) await seen.release(event);
  return first;
};
