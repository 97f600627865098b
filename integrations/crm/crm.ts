import { RemoteRefused, RemoteUnavailable } from '../remote-api.ts';

/** A customer as the company's CRM knows them. All text is visible, storable and capped. */
export type Profile = {
  /** The CRM's own id. */
  id: string;
  name: string | null;
  email: string | null;
  /** BCP 47, language and region at most. */
  language: string | null;
  /** As the company names its tiers: `gold`, `vip`. */
  tier: string | null;
  /** Further fields that the company chose, by their names in the CRM. */
  facts: Record<string, string>;
};

/**
 * Who to look for: the company's own id of a signed-in customer, else an e-mail address. Both must be verified by the
 * caller; one that a visitor typed would show them somebody else's profile.
 */
export type CustomerMatch = { customerId: string | null; email: string | null };

/** `kind` tells several notes of one conversation apart: with the conversation id it is the note's key. */
export type Note = { conversationId: string; kind: string; text: string; at: Date };

/** Where the company keeps its customers. Every method rejects with `CrmUnavailable` or `CrmRefused`. */
export interface Crm {
  /** `null`: nobody, or more than one. It never guesses. */
  find(match: CustomerMatch): Promise<Profile | null>;
  /** Adds a note to a customer once per key, however often it is called. Resolves with the CRM's id of the note. */
  addNote(profileId: string, note: Note): Promise<string>;
}

/** Down, slow, over its limit, or not talking sense: worth another attempt. */
export class CrmUnavailable extends Error {
  override readonly name = 'CrmUnavailable';
  /** `not_sent`: nothing was changed. `unknown`: it may have been, and a further call looks it up first. */
  readonly outcome: 'not_sent' | 'unknown';
  readonly retryAfterMs: number | undefined;

  constructor(message: string, outcome: 'not_sent' | 'unknown', retryAfterMs?: number) {
    super(message);
    this.outcome = outcome;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The CRM will not do it, now or later; the message says what to change. */
export class CrmRefused extends Error {
  override readonly name = 'CrmRefused';
}

export const noteKey = ({ conversationId, kind }: Note): string => `${conversationId}/${kind}`;

/** Failures of a provider as failures of this port. */
export const asCrm = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RemoteUnavailable) throw new CrmUnavailable(error.message, error.outcome, error.retryAfterMs);
    if (error instanceof RemoteRefused) throw new CrmRefused(error.message);
    throw error;
  }
};
