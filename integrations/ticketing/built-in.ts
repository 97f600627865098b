import { FAILURE } from '../../contracts/failures.ts';
import { portableKey } from '../once.ts';
import { outgoing, outgoingLine } from '../outgoing-text.ts';
import { RemoteRefused, RemoteUnavailable } from '../remote-api.ts';
import { incoming, MAX_COMMENTS, MAX_SUBJECT, MAX_TEXT_BYTES } from './ticket-text.ts';
import type { Ticket, TicketComment, Ticketing, TicketStatus } from './ticketing.ts';

export type TicketRow = { id: string; status: TicketStatus };

export type NewTicketRow = {
  key: string;
  subject: string;
  text: string;
  requesterName: string | null;
  requesterEmail: string | null;
};

/** Our own tickets, as `store/` keeps them. Its failures are named `StoreUnavailable`; ids are whole numbers. */
export interface TicketRecords {
  /** Writes a ticket unless there is one with its key; the ticket either way. */
  open(ticket: NewTicketRow): Promise<TicketRow>;
  byKey(key: string): Promise<TicketRow | null>;
  byId(id: string): Promise<TicketRow | null>;
  /** Writes a comment unless the ticket has one with its key; its id either way, or `null` when there is no such ticket. */
  comment(id: string, comment: { key: string; text: string; public: boolean }): Promise<string | null>;
  /** Oldest first; `null` when there is no such ticket. */
  comments(id: string, limit: number): Promise<TicketComment[] | null>;
  /** Whether there is such a ticket. */
  setStatus(id: string, status: TicketStatus): Promise<boolean>;
}

/** The ticket system of a company that has none. Writing a key twice is one statement, so nothing is looked up before. */
export const createBuiltInTicketing = (records: TicketRecords): Ticketing => ({
  async open({ key, subject, text, requester }) {
    return toTicket(
      await reaching(
        records.open({
          key: portableKey(key),
          subject: outgoingLine(subject, MAX_SUBJECT),
          text: outgoing(text, MAX_TEXT_BYTES),
          requesterName: requester?.name ?? null,
          requesterEmail: requester?.email ?? null,
        }),
      ),
    );
  },

  async find(key) {
    const row = await reaching(records.byKey(portableKey(key)));
    return row && toTicket(row);
  },

  async get(id) {
    const row = isId(id) ? await reaching(records.byId(id)) : null;
    return row && toTicket(row);
  },

  async comment(id, { key, text, public: isPublic }) {
    const row = { key: portableKey(key), text: outgoing(text, MAX_TEXT_BYTES), public: isPublic };
    return existing(isId(id) ? await reaching(records.comment(id, row)) : null, id);
  },

  async comments(id) {
    const rows = existing(isId(id) ? await reaching(records.comments(id, MAX_COMMENTS)) : null, id);
    return rows.map((row) => ({ ...row, text: incoming(row.text) }));
  },

  async setStatus(id, status) {
    existing((isId(id) && (await reaching(records.setStatus(id, status)))) || null, id);
  },
});

const toTicket = ({ id, status }: TicketRow): Ticket => ({ id, status, url: null });

const isId = (id: string): boolean => /^\d{1,15}$/.test(id);

const existing = <T>(found: T | null, id: string): T => {
  if (found === null)
    throw new RemoteRefused(`there is no ticket ${id.slice(0, 40)}: look it up again by its key`, 404);
  return found;
};

const reaching = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === FAILURE.storeUnavailable)
      throw new RemoteUnavailable('the built-in tickets cannot reach Postgres', 'unknown');
    throw error;
  }
};
