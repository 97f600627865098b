-- Up Migration

-- Copies of what the workflow decided, for lists and for the gateway's question whose it is. `owner` is the customer.
alter table conversations
  add column held_by text not null default 'assistant' check (held_by in ('assistant', 'waiting', 'agent')),
  add column agent   text,
  add column desk    text;
create index conversations_of_agent on conversations (agent) where agent is not null;

-- `by` is the agent's name as it was when they wrote.
alter table messages
  drop constraint messages_author_check,
  add constraint messages_author_check check (author in ('customer', 'assistant', 'agent')),
  add column by text;

-- What an agent is given with a conversation, made before anybody is offered it. `term` is the one it waits in.
create table handoffs (
  conversation_id text not null references conversations (id) on delete cascade,
  term            integer not null,
  desk            text not null,
  reason          text not null,
  context         jsonb not null,
  created_at      timestamptz not null default now(),
  primary key (conversation_id, term)
);

-- The desk's offers, for agents who connect while one rings. `closed` says why it rings no more.
create table offers (
  desk            text not null,
  offer           integer not null,
  agent           text not null,
  conversation_id text not null,
  term            integer not null,
  reason          text not null,
  until           timestamptz not null,
  closed          text,
  primary key (desk, offer)
);
create index offers_open on offers (agent) where closed is null;

-- Down Migration

drop table offers, handoffs;
delete from messages where author = 'agent';
alter table messages
  drop column by,
  drop constraint messages_author_check,
  add constraint messages_author_check check (author in ('customer', 'assistant'));
alter table conversations drop column held_by, drop column agent, drop column desk;
