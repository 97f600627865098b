-- Up Migration

-- What an agent chose to be, and whether one of their consoles is open. What the desks are told is made of both: `seq` counts
-- its changes, and `told` is the last one that all desks have heard. `seen_until` is when an agent without an open console is
-- gone; the nodes that have one open move it on.
alter table agents
  add column status     text not null default 'away' check (status in ('online', 'busy', 'away', 'offline')),
  add column present    boolean not null default false,
  add column seen_until timestamptz not null default now(),
  add column seq        bigint not null default 0,
  add column told       bigint not null default 0;
create index agents_untold on agents (id) where told < seq;
create index agents_present on agents (seen_until) where present;

-- A word among agents.
create table notes (
  conversation_id text not null references conversations (id) on delete cascade,
  id              text not null,
  agent           text not null,
  text            text not null,
  at              timestamptz not null default now(),
  primary key (conversation_id, id)
);

create index conversations_waiting on conversations (desk) where held_by = 'waiting';
create index conversations_open on conversations (updated_at desc) where status = 'open';
create index records_of_agents on records ((detail ->> 'agent'), id desc)
  where type = 'owner.changed' and detail ->> 'agent' is not null;
create index records_of_owners on records (at) where type = 'owner.changed';

-- Down Migration

drop index records_of_owners;
drop index records_of_agents;
drop index conversations_open;
drop index conversations_waiting;
drop table notes;
drop index agents_present;
drop index agents_untold;
alter table agents drop column status, drop column present, drop column seen_until, drop column seq, drop column told;
