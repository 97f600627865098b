import { z } from 'zod';

/** A customer as the company's CRM knows them. All text is visible, storable and capped. */
export const profile = z.object({
  /** The CRM's own id. */
  id: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  /** BCP 47, language and region at most. */
  language: z.string().nullable(),
  /** As the company names its tiers: `gold`, `vip`. */
  tier: z.string().nullable(),
  /** Further fields that the company chose, by their names in the CRM. */
  facts: z.record(z.string(), z.string()),
});

export type Profile = z.infer<typeof profile>;

/**
 * Who to look for: the company's own id of a signed-in customer, else an e-mail address. Both must be verified by the
 * caller; one that a visitor typed would show them somebody else's profile.
 */
export type CustomerMatch = { customerId: string | null; email: string | null };

/** `kind` tells several notes of one conversation apart: with the conversation id it is the note's key. */
export type Note = { conversationId: string; kind: string; text: string; at: Date };

/** Where the company keeps its customers. Every method rejects with `RemoteUnavailable` or `RemoteRefused`. */
export interface Crm {
  /** `null`: nobody, or more than one. It never guesses. */
  find(match: CustomerMatch): Promise<Profile | null>;
  /** Adds a note to a customer once per key, however often it is called. Resolves with the CRM's id of the note. */
  addNote(profileId: string, note: Note): Promise<string>;
}

export const noteKey = ({ conversationId, kind }: Note): string => `${conversationId}/${kind}`;
