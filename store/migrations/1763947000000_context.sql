-- Up Migration

-- What the model said that its calls cost. A turn's own are the truth; the sums are what a claim reads.
alter table turns add column tokens bigint not null default 0;
alter table conversations add column tokens bigint not null default 0;

-- Tokens of a day, spread over rows so that turns that end together do not wait for one another.
create table spending (
  day    date not null,
  part   integer not null,
  tokens bigint not null,
  primary key (day, part)
);

-- What was said in a conversation up to and with a turn, in short, for prompts that cannot hold all of it.
create table summaries (
  conversation_id text primary key references conversations (id) on delete cascade,
  turn            integer not null,
  text            text not null,
  at              timestamptz not null default now()
);

-- What the customer said of themselves and what they were promised, word for word. A later value does not erase an earlier one.
create table facts (
  conversation_id text not null references conversations (id) on delete cascade,
  turn            integer not null,
  name            text not null,
  value           text not null,
  at              timestamptz not null default now(),
  primary key (conversation_id, name, value)
);

-- Down Migration

drop table facts, summaries, spending;
alter table conversations drop column tokens;
alter table turns drop column tokens;
