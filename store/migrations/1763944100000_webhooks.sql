-- Up Migration

-- Webhooks that were let in, by hashes and ids of their senders, until nobody can send them again.
create table seen_deliveries (
  key   text primary key,
  until timestamptz not null
);
create index seen_deliveries_old on seen_deliveries (until);

-- Where events are posted: as the workers are configured, one row or none.
create table webhook_target (
  singleton boolean primary key default true check (singleton),
  url       text not null
);

-- Events on their way out; delivered ones are gone. `due_at` is null for one that was given up (a dead letter).
create table webhook_events (
  id              uuid primary key default gen_random_uuid(),
  conversation_id text not null references conversations (id) on delete cascade,
  type            text not null,
  detail          jsonb not null,
  at              timestamptz not null,
  attempts        integer not null default 0,
  due_at          timestamptz default now(),
  last_error      text
);
create index webhook_events_due on webhook_events (due_at) where due_at is not null;
create index webhook_events_of_conversation on webhook_events (conversation_id);

-- A fact and its announcement are one transaction. Without a target it costs one look at an empty table.
create function announce_record() returns trigger language plpgsql as $$
begin
  insert into webhook_events (conversation_id, type, detail, at)
  select new.conversation_id, new.type, new.detail, new.at from webhook_target;
  return null;
end $$;
create trigger announce after insert on records for each row execute function announce_record();

-- Down Migration

drop trigger announce on records;
drop function announce_record;
drop table webhook_events, webhook_target, seen_deliveries;
