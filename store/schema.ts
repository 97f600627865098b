import type { Generated, JSONColumnType } from 'kysely';
import type { Action, EffectState } from '../contracts/actions.ts';
import type { AgentRole } from '../contracts/agents.ts';
import type { ChosenStatus } from '../contracts/console.ts';
import type { Owner, ReplyEnd, Source } from '../contracts/events.ts';

// The tables as kysely sees them; the migrations say what each is for.

type Customers = {
  id: string;
  name: string | null;
  email: string | null;
  language: string | null;
  tier: string | null;
  facts: Generated<Record<string, unknown>>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
};

type Conversations = {
  id: string;
  owner: string;
  channel: string;
  status: Generated<'open' | 'resolved' | 'closed'>;
  term: Generated<number>;
  playbook_version: string;
  tokens: Generated<string>;
  held_by: Generated<Owner>;
  agent: string | null;
  desk: string | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
};

type Turns = {
  conversation_id: string;
  turn: number;
  term: number;
  generation: string;
  attempt: number;
  message_ids: string[];
  ended: ReplyEnd | null;
  tokens: Generated<string>;
  started_at: Generated<Date>;
  ended_at: Date | null;
  understanding: JSONColumnType<object> | null;
  rests_on: 'articles' | 'tools' | 'cache' | 'nothing' | null;
  unanswered: Generated<boolean>;
};

type Messages = {
  conversation_id: string;
  id: string;
  turn: number;
  ordinal: number;
  author: 'customer' | 'assistant' | 'agent';
  by: string | null;
  text: string;
  ended: ReplyEnd | null;
  sources: JSONColumnType<Source[]> | null;
  at: Date;
};

type Steps = {
  conversation_id: string;
  turn: number;
  call: number;
  round: number;
  tool_call_id: string;
  name: string;
  arguments: string;
  preamble: string;
  result: string | null;
  ok: boolean | null;
  ended_at: Date | null;
};

type Effects = {
  conversation_id: string;
  turn: number;
  call: number;
  key: string;
  subject: string;
  tool: string;
  arguments: JSONColumnType<Record<string, unknown>>;
  arguments_hash: string;
  /** Numerics leave the database as text. */
  amount: string | null;
  state: EffectState;
  card: JSONColumnType<Pick<Action, 'title' | 'arguments'>> | null;
  approvers: Generated<number>;
  expires_at: Date | null;
  attempted_at: Date | null;
  result: string | null;
  undo_until: Date | null;
  undoes_turn: number | null;
  undoes_call: number | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
};

type Approvals = {
  conversation_id: string;
  turn: number;
  call: number;
  arguments_hash: string;
  by: string;
  reason: string | null;
  at: Generated<Date>;
};

type Records = {
  id: Generated<string>;
  conversation_id: string;
  type: string;
  detail: JSONColumnType<object>;
  at: Generated<Date>;
};

type Audit = {
  id: Generated<string>;
  actor: string;
  action: string;
  subject: string;
  detail: JSONColumnType<object>;
  at: Generated<Date>;
};

type Spending = { day: Date; part: number; tokens: string };

type Summaries = { conversation_id: string; turn: number; text: string; at: Generated<Date> };

type Facts = { conversation_id: string; turn: number; name: string; value: string; at: Generated<Date> };

type Knowledge = { singleton: Generated<boolean>; version: string; synced_at: Generated<Date> };

type Passages = {
  article: string;
  ordinal: number;
  title: string;
  heading: string;
  url: string | null;
  language: string;
  text: string;
  asked: Generated<boolean>;
  hash: string;
  words: Generated<number>;
};

type PassageWords = { word: string; article: string; ordinal: number; frequency: number };

type Embeddings = { embedder: string; hash: string; vector: Buffer };

type Answers = {
  id: Generated<string>;
  audience: 'visitor' | 'customer';
  language: string;
  intent: string;
  exact: string;
  gist: string;
  question: string;
  embedder: string | null;
  vector: Buffer | null;
  text: string;
  sources: JSONColumnType<Source[]>;
  passages: string[];
  settings: string;
  conversation_id: string | null;
  pinned: Generated<boolean>;
  served: Generated<number>;
  made_at: Generated<Date>;
};

type Tickets = {
  id: Generated<string>;
  key: string;
  subject: string;
  text: string;
  requester_name: string | null;
  requester_email: string | null;
  status: Generated<'open' | 'pending' | 'solved'>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
};

type ConversationTickets = {
  system: string;
  ticket_id: string;
  conversation_id: string;
  status: Generated<'open' | 'pending' | 'solved'>;
  opened_at: Generated<Date>;
};

type SeenDeliveries = { key: string; until: Date };

type WebhookTarget = { singleton: Generated<boolean>; url: string };

type WebhookEvents = { id: Generated<string>; due_at: Generated<Date> | null; last_error: string | null };

type Offers = {
  desk: string;
  offer: number;
  agent: string;
  conversation_id: string;
  term: number;
  reason: string;
  until: Date;
  closed: string | null;
};

type Agents = {
  id: string;
  name: string;
  role: AgentRole;
  desks: string[];
  skills: string[];
  languages: string[];
  capacity: number;
  password: string | null;
  active: Generated<boolean>;
  status: Generated<ChosenStatus>;
  present: Generated<boolean>;
  seen_until: Generated<Date>;
  /** 64-bit numbers leave the database as text. */
  seq: Generated<string>;
  told: Generated<string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
};

type Notes = { conversation_id: string; id: string; agent: string; text: string; at: Generated<Date> };

type AgentSessions = { token: Buffer; agent: string; created_at: Generated<Date>; expires_at: Date };

export type Schema = {
  customers: Customers;
  conversations: Conversations;
  turns: Turns;
  messages: Messages;
  steps: Steps;
  effects: Effects;
  approvals: Approvals;
  offers: Offers;
  agents: Agents;
  agent_sessions: AgentSessions;
  notes: Notes;
  records: Records;
  audit: Audit;
  spending: Spending;
  summaries: Summaries;
  facts: Facts;
  knowledge: Knowledge;
  passages: Passages;
  passage_words: PassageWords;
  embeddings: Embeddings;
  answers: Answers;
  tickets: Tickets;
  conversation_tickets: ConversationTickets;
  seen_deliveries: SeenDeliveries;
  webhook_target: WebhookTarget;
  webhook_events: WebhookEvents;
};
