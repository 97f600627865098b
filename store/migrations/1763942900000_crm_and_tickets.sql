-- Up Migration

-- What the built-in CRM knows beyond the basics; `facts` are the company's own fields.
alter table customers add column tier text, add column facts jsonb not null default '{}';
create index customers_by_email on customers (lower(email));

-- `key` is made of the conversation and the kind of note, so a note is written once.
create table customer_notes (
  id          bigint generated always as identity primary key,
  customer_id text not null references customers (id) on delete cascade,
  key         text not null unique,
  kind        text not null,
  text        text not null,
  at          timestamptz not null
);
create index notes_of_customer on customer_notes (customer_id, at desc);

-- The built-in ticket system. `key` is a hash of recorded ids: the same escalation opens one ticket, however often it is
-- tried (P7).
create table tickets (
  id              bigint generated always as identity primary key,
  key             text not null unique,
  subject         text not null,
  text            text not null,
  requester_name  text,
  requester_email text,
  status          text not null default 'open' check (status in ('open', 'pending', 'solved')),
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);

-- People's comments have no key.
create table ticket_comments (
  id        bigint generated always as identity primary key,
  ticket_id bigint not null references tickets (id) on delete cascade,
  key       text,
  text      text not null,
  public    boolean not null,
  at        timestamptz not null default now(),
  unique (ticket_id, key)
);

-- Down Migration

drop table ticket_comments, tickets, customer_notes;
alter table customers drop column facts, drop column tier;
