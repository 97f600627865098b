-- Up Migration

-- Which conversation a ticket was opened for. `system` is the adapter that was configured then: ids are its own.
create table conversation_tickets (
  system          text not null,
  ticket_id       text not null,
  conversation_id text not null references conversations (id) on delete cascade,
  status          text not null default 'open' check (status in ('open', 'pending', 'solved')),
  opened_at       timestamptz not null default now(),
  primary key (system, ticket_id)
);
create index tickets_of_conversation on conversation_tickets (conversation_id, opened_at);

-- Tickets that somebody told us have changed and that are still to be read again. `changed_at` tells a change that came
-- while an earlier one was read.
create table ticket_changes (
  system     text not null,
  ticket_id  text not null,
  changed_at timestamptz not null default clock_timestamp(),
  due_at     timestamptz not null default now(),
  attempts   integer not null default 0,
  primary key (system, ticket_id),
  foreign key (system, ticket_id) references conversation_tickets on delete cascade
);
create index ticket_changes_due on ticket_changes (due_at);

-- What people said in a ticket for the customer to read. `delivered_at`: the conversation's workflow holds it.
create table ticket_replies (
  system       text not null,
  ticket_id    text not null,
  comment_id   text not null,
  text         text not null,
  at           timestamptz not null,
  delivered_at timestamptz,
  primary key (system, ticket_id, comment_id),
  foreign key (system, ticket_id) references conversation_tickets on delete cascade
);

-- Calls that customers were promised. `at` is in open hours.
create table callbacks (
  id              bigint generated always as identity primary key,
  conversation_id text not null references conversations (id) on delete cascade,
  key             text not null unique,
  phone           text not null,
  at              timestamptz not null,
  reason          text not null,
  created_at      timestamptz not null default now()
);
create index callbacks_in_order on callbacks (at);

-- Down Migration

drop table callbacks, ticket_replies, ticket_changes, conversation_tickets;
