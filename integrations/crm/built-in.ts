import { FAILURE } from '../../contracts/failures.ts';
import { outgoing } from '../outgoing-text.ts';
import { RemoteRefused, RemoteUnavailable } from '../remote-api.ts';
import { type Crm, noteKey } from './crm.ts';
import { toProfile } from './profile.ts';

const MAX_NOTE_BYTES = 30_000;

export type CustomerRecord = {
  id: string;
  name: string | null;
  email: string | null;
  language: string | null;
  tier: string | null;
  facts: Record<string, unknown>;
};

/** Our own customers, as `store/` keeps them. Its failures are named `StoreUnavailable`. */
export interface CustomerRecords {
  byId(id: string): Promise<CustomerRecord | null>;
  /** Without regard to case; two at most. */
  byEmail(email: string): Promise<CustomerRecord[]>;
  /** Writes a note unless there is one with its key; the id either way, or `null` when there is no such customer. */
  addNote(customerId: string, note: { key: string; kind: string; text: string; at: Date }): Promise<string | null>;
}

/** The CRM of a company that has none: customers and notes in Postgres. Writing a key twice is one statement, so it is safe. */
export const createBuiltInCrm = (records: CustomerRecords): Crm => ({
  async find({ customerId, email }) {
    const byId = customerId === null ? null : await reaching(records.byId(customerId));
    if (byId) return toProfile(byId);
    const [found, another] = email === null ? [] : await reaching(records.byEmail(email));
    return found && !another ? toProfile(found) : null;
  },

  async addNote(profileId, note) {
    const { kind, text, at } = note;
    const row = { key: noteKey(note), kind, text: outgoing(text, MAX_NOTE_BYTES), at };
    const id = await reaching(records.addNote(profileId, row));
    if (id === null) throw new RemoteRefused(`there is no customer ${profileId}: look them up again`, 404);
    return id;
  },
});

const reaching = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === FAILURE.storeUnavailable)
      throw new RemoteUnavailable('the built-in CRM cannot reach Postgres', 'unknown');
    throw error;
  }
};
