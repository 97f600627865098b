-- Up Migration

-- How the customer found it, asked once after the end. The first one counts, so there is no update.
create table ratings (
  conversation_id text primary key references conversations (id) on delete cascade,
  score           smallint not null check (score between 1 and 5),
  comment         text,
  at              timestamptz not null default now()
);

-- What a customer was last told of their place in the line, for pages that are loaded again. Of another term it counts no more.
create table queue_places (
  conversation_id text primary key references conversations (id) on delete cascade,
  term            integer not null,
  position        integer not null,
  expected_ms     bigint
) with (fillfactor = 70);

-- Down Migration

drop table queue_places, ratings;
