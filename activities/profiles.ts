import { z } from 'zod';
import { type Crm, type Profile, profile } from '../integrations/crm/crm.ts';
import type { HotProfiles } from '../stream/hot-profiles.ts';
import { within } from './deadline.ts';

/**
 * A turn waits this long for a profile that is not hot, milliseconds, beside its retrieval. Whoever answers later serves
 * the next turn.
 */
const PATIENCE_MS = 200;

/** A CRM that failed is left alone for so long, milliseconds: it is asked for context, never for an answer. */
const REST_MS = 10_000;

export type ProfileDeps = {
  crm: Pick<Crm, 'find'>;
  hot: Pick<HotProfiles, 'get' | 'put'>;
  /** Told why a profile could not be had. */
  onTrouble: (error: unknown) => void;
  patienceMs?: number;
};

export type Profiles = ReturnType<typeof createProfiles>;

/** Who a signed-in customer is to the company, for the prompt. */
export const createProfiles = ({ crm, hot, onTrouble, patienceMs = PATIENCE_MS }: ProfileDeps) => {
  const asked = new Map<string, Promise<Profile | null>>();
  let restUntil = 0;

  const ask = async (customerId: string, version: number | null): Promise<Profile | null> => {
    try {
      const found = await crm.find({ customerId, email: null });
      const copy = { recordId: found?.id ?? null, text: JSON.stringify(found) };
      if (version !== null) await hot.put(customerId, version, copy).catch(onTrouble);
      return found;
    } catch (error) {
      restUntil = Date.now() + REST_MS;
      onTrouble(error);
      return null;
    } finally {
      asked.delete(customerId);
    }
  };

  return {
    /** One read of Redis while it is hot. Never rejects: `null` is nobody, or nobody who could be had in time. */
    async of(customerId: string | null): Promise<Profile | null> {
      if (customerId === null) return null;
      const copy = await hot.get(customerId).catch(() => null);
      // Nothing where another version of this code wrote it otherwise.
      const kept = copied.safeParse(copy?.text).data;
      if (kept !== undefined) return kept;
      if (Date.now() < restUntil) return null;
      const answer = asked.get(customerId) ?? ask(customerId, copy?.version ?? null);
      asked.set(customerId, answer);
      return within(patienceMs, answer);
    },
  };
};

const copied = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('is no JSON');
      return z.NEVER;
    }
  })
  .pipe(profile.nullable());
