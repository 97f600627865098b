import { CLOSE, type CloseCode } from '../contracts/close-codes.ts';
import type { Hello, ServerFrame } from '../contracts/frames.ts';
import { conversationId, type Subject } from '../contracts/ids.ts';
import { within } from './deadline.ts';
import type { Grants } from './grants.ts';
import type { Transcripts } from './ports.ts';
import { type Customer, type Tokens, Unauthorized, type Visitor } from './tokens.ts';

/** How long Postgres may take to say whether a conversation is closed. */
const CALL_MS = 1_500;
/** Looked up in the place of what cannot be an id, so that every answer takes the same time. */
export const NOBODY = `cnv_${'A'.repeat(43)}`;

export type GreetingDeps = { grants: Grants; tokens: Tokens; transcripts: Transcripts };

/** Whom the connection speaks for and in which conversation. */
export type Greeting = {
  conversation: { id: string; owner: Subject; isNew: boolean };
  /** The customer where there is one, else the visitor: shares of a node are counted by this. */
  holder: Subject;
  customer: Customer | null;
  /** A new session for the client to keep. */
  token: string | undefined;
  /** When the first of the tokens runs out, epoch milliseconds. */
  expiresAt: number;
};

/** The hello is not accepted. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: CloseCode;
  readonly frame: ServerFrame | undefined;

  constructor(code: CloseCode, frame?: ServerFrame, cause?: unknown) {
    super(`refused with ${code}`, { cause });
    this.code = code;
    this.frame = frame;
  }
}

/** The one answer for conversations that are unknown, someone else's or closed. */
export const notFound = () =>
  new Refusal(CLOSE.notFound, { type: 'error', code: 'not_found', message: 'no such conversation' });

/** Checks who is there and what they may see. Rejects with a `Refusal`. */
export const greet = async ({ grants, tokens, transcripts }: GreetingDeps, hello: Hello): Promise<Greeting> => {
  const { customer, visitor } = await identify(tokens, hello);
  const holders = [customer, visitor].filter((holder) => holder !== null);
  const [first] = holders;
  if (!first) throw new Refusal(CLOSE.unauthorized);
  const common = {
    holder: first.subject,
    customer,
    token: visitor?.token,
    expiresAt: Math.min(...holders.map((holder) => holder.expiresAt)),
  };
  if (!hello.conversation) {
    const id = grants.mintConversationId(first.subject);
    return { ...common, conversation: { id, owner: first.subject, isNew: true } };
  }
  const { id } = hello.conversation;
  const owner = holders.filter((holder) => grants.owns(holder.subject, id))[0]?.subject;
  const isClosed = await looksClosed(transcripts, id);
  if (!owner || isClosed) throw notFound();
  return { ...common, conversation: { id, owner, isNew: false } };
};

/** A visitor needs no identity and a customer no session; a client that has both may see what belongs to either. */
const identify = async (
  tokens: Tokens,
  { session, identity }: Hello,
): Promise<{ customer: Customer | null; visitor: Visitor | null }> => {
  try {
    const customer = identity === undefined ? null : await tokens.customer(identity);
    const visitor = customer && session === undefined ? null : await tokens.visitor(session);
    return { customer, visitor };
  } catch (error) {
    throw error instanceof Unauthorized ? new Refusal(CLOSE.unauthorized, undefined, error.message) : error;
  }
};

/** Ownership is proven by the id alone, so without Postgres a conversation counts as open: its owner may go on. */
const looksClosed = async (transcripts: Transcripts, id: string): Promise<boolean> => {
  const lookUp = conversationId.safeParse(id).success ? id : NOBODY;
  try {
    return await within(CALL_MS, 'isClosed', transcripts.isClosed(lookUp));
  } catch {
    return false;
  }
};
