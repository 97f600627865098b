/** `open`: our people's move. `pending`: the customer's. `solved`: done, whether it can be reopened or not. */
export type TicketStatus = 'open' | 'pending' | 'solved';

/** `key` is unique among all tickets of this desk and made of recorded ids. The text is for the company's own people. */
export type NewTicket = {
  key: string;
  subject: string;
  text: string;
  requester: { name: string | null; email: string } | null;
};

/** `id` is the ticket system's own; `url` is where people open it, if it has a page. */
export type Ticket = { id: string; status: TicketStatus; url: string | null };

/** `key` is unique within the ticket. Only a `public` comment is seen by the customer. */
export type NewComment = { key: string; text: string; public: boolean };

/** `ours` is the key of a comment that was written through this port, in the form of `portableKey`. */
export type TicketComment = { id: string; ours: string | null; text: string; public: boolean; at: string };

/** Where the company's people work on what the assistant could not solve. Rejects with `RemoteUnavailable` or `RemoteRefused`. */
export interface Ticketing {
  /** Opens a ticket once per key, however often it is called. */
  open(ticket: NewTicket): Promise<Ticket>;
  /** The ticket that was opened with a key. */
  find(key: string): Promise<Ticket | null>;
  get(id: string): Promise<Ticket | null>;
  /** Adds a comment once per key, however often it is called. Resolves with the comment's id. */
  comment(id: string, comment: NewComment): Promise<string>;
  /** What was said in a ticket, oldest first, without its opening text; at most the first 1,000. Text is visible and capped. */
  comments(id: string): Promise<TicketComment[]>;
  /** Safe to repeat. */
  setStatus(id: string, status: TicketStatus): Promise<void>;
}
