import type {
  ChosenStatus,
  ConversationEntry,
  ConversationsView,
  ConversationView,
  Floor,
  Me,
  SignInWays,
} from '../../contracts/console.ts';
import type { Outcome } from '../../contracts/conversation.ts';
import type { DeskSwitch } from '../../contracts/desk.ts';
import { isFields, parseFields } from '../json.ts';

/** The desk answered, and not with what was asked for. `said` is the desk's own sentence, where it has one. */
export class RefusedError extends Error {
  readonly status: number;
  readonly said: string | null;
  constructor(status: number, said: string | null) {
    super(said ?? `The desk answered ${status}.`);
    this.name = 'RefusedError';
    this.status = status;
    this.said = said;
  }
}

type Answer = { ok: boolean; status: number; text(): Promise<string> };
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal },
) => Promise<Answer>;

/** A desk that does not answer within this time, milliseconds, counts as away. Its own limit for one answer is 10 s. */
const PATIENCE_MS = 20_000;

/** What a decision on an action came to. */
export type Decided = { state: 'approved' | 'denied' | 'waiting' | 'checking'; approvals: number };

export type Release = {
  term: number;
  commandId: string;
  how: 'giveBack' | 'resolve' | 'transfer';
  desk?: string;
  wish?: string;
  outcome?: Exclude<Outcome, 'assistant'>;
  note?: string;
};

export type Decision = {
  action: string;
  argumentsHash: string;
  decision: 'approve' | 'deny';
  reason?: string;
  arguments?: string;
};

/** `/console/api` as `contracts/console.ts` has it. Rejects with a `RefusedError`, or whatever `fetch` rejects with. */
export const createApi = (fetch: Fetch, base = '/console/api') => {
  const ask = async (method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${base}/${path}`, {
      method,
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new RefusedError(answer.status, saidIn(text));
    return text === '' ? null : JSON.parse(text);
  };
  // The desk's promise, as written in the contract: its schemas would bring zod into the browser.
  const get = async <T>(path: string): Promise<T> => (await ask('GET', path)) as T;
  const post = async <T = null>(path: string, body: object): Promise<T> => (await ask('POST', path, body)) as T;
  const of = (conversation: string): string => `conversations/${encodeURIComponent(conversation)}`;

  return {
    signInWays: () => get<SignInWays>('sign-in'),
    signIn: (id: string, password: string) => post('sign-in', { id, password }),
    signOut: () => post('sign-out', {}),
    me: () => get<Me>('me'),
    setStatus: (status: ChosenStatus) => post('status', { status }),
    conversations: async (view: ConversationsView) =>
      (await get<{ conversations: ConversationEntry[] }>(`conversations?view=${view}`)).conversations,
    conversation: (id: string) => get<ConversationView>(of(id)),
    answerOffer: (offer: { desk: string; offer: number; commandId: string; answer: 'accept' | 'decline' }) =>
      post<{ conversationId: string | null }>('offers', offer),
    send: (id: string, message: { clientMessageId: string; text: string }) => post(`${of(id)}/messages`, message),
    addNote: (id: string, note: { id: string; text: string }) => post(`${of(id)}/notes`, note),
    release: (id: string, release: Release) => post<{ term: number }>(`${of(id)}/release`, release),
    decide: (id: string, decision: Decision) => post<Decided>(`${of(id)}/approvals`, decision),
    suggest: (id: string, commandId: string) => post(`${of(id)}/suggestion`, { commandId }),
    floor: () => get<Floor>('floor'),
    switchDesk: (desk: string, to: DeskSwitch) => post(`floor/desks/${encodeURIComponent(desk)}`, { to }),
    setAgentStatus: (agent: string, status: ChosenStatus) =>
      post(`floor/agents/${encodeURIComponent(agent)}`, { status }),
    reassign: (id: string, to: { commandId: string; desk: string; agent?: string }) => post(`floor/${of(id)}`, to),
  };
};

export type Api = ReturnType<typeof createApi>;

const saidIn = (text: string): string | null => {
  const { message, error } = parseFields(text) ?? {};
  const said = typeof message === 'string' ? message : isFields(error) ? error.message : error;
  return typeof said === 'string' && said.trim() !== '' ? said : null;
};
