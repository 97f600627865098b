-- Up Migration

-- Everyone known by the company's own id. Visitors have no row.
create table customers (
  id         text primary key,
  name       text,
  email      text,
  language   text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- `term` copies the workflow's count of ownership changes: nothing of a lower term is written any more (fence of P6).
create table conversations (
  id               text primary key,
  owner            text not null,
  channel          text not null,
  status           text not null default 'open' check (status in ('open', 'resolved', 'closed')),
  term             integer not null default 0,
  playbook_version text not null,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);
create index conversations_by_owner on conversations (owner, updated_at desc);

-- `generation` and `attempt` are those of the draft that may finish the turn, `message_ids` what it answers; `ended` is
-- written once.
create table turns (
  conversation_id text not null references conversations (id) on delete cascade,
  turn            integer not null,
  term            integer not null,
  generation      text not null,
  attempt         integer not null,
  message_ids     text[] not null,
  ended           text check (ended in ('final', 'stopped', 'escalated', 'failed')),
  started_at      timestamptz not null default now(),
  ended_at        timestamptz,
  primary key (conversation_id, turn)
);

-- The id of a customer's message is made of its clientMessageId, so the primary key is the proof that it counts once;
-- the assistant's is made of the turn, so a turn has one reply.
create table messages (
  conversation_id text not null references conversations (id) on delete cascade,
  id              text not null,
  turn            integer not null,
  ordinal         integer not null,
  author          text not null check (author in ('customer', 'assistant')),
  text            text not null,
  ended           text,
  sources         jsonb,
  at              timestamptz not null,
  primary key (conversation_id, id)
);
create index messages_in_order on messages (conversation_id, turn, ordinal);

-- Tool calls of a turn as the model decided them. `call` counts within the turn and, once the workflow has recorded the
-- round, never changes: with conversation and turn it is the key of the effect (P7).
create table steps (
  conversation_id text not null,
  turn            integer not null,
  call            integer not null,
  round           integer not null,
  tool_call_id    text not null,
  name            text not null,
  arguments       text not null,
  preamble        text not null,
  result          text,
  ok              boolean,
  ended_at        timestamptz,
  primary key (conversation_id, turn, call),
  foreign key (conversation_id, turn) references turns (conversation_id, turn) on delete cascade
);

-- What happened, for reports and exports: one row per fact, in the same statement that made it a fact.
create table records (
  id              bigint generated always as identity primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  type            text not null,
  detail          jsonb not null default '{}',
  at              timestamptz not null default now()
);
create index records_of_conversation on records (conversation_id, id);

-- Who did what, and why it was allowed or refused. Never deleted with the conversation; holds no message text.
create table audit (
  id      bigint generated always as identity primary key,
  actor   text not null,
  action  text not null,
  subject text not null,
  detail  jsonb not null default '{}',
  at      timestamptz not null default now()
);
create index audit_of_subject on audit (subject, id);

-- Down Migration

drop table audit, records, steps, messages, turns, conversations, customers;
