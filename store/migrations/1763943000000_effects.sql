-- Up Migration

-- Everything that was to be done outside, by the call that asked for it as recorded in history (P7). `key` is that call for
-- the outside world: it goes out with every try, so that a provider can tell a repetition. `arguments` are without the
-- injected ones. `attempted_at` is set before a provider is called and taken back only when the call was surely not sent:
-- set on an effect that is `intended` it says that nobody knows. `approvers` is how many people have to agree.
create table effects (
  conversation_id text not null references conversations (id) on delete cascade,
  turn            integer not null,
  call            integer not null,
  key             text not null unique,
  subject         text not null,
  tool            text not null,
  arguments       jsonb not null,
  arguments_hash  text not null,
  amount          numeric,
  state           text not null check (state in ('proposed', 'awaiting_approval', 'intended', 'done', 'failed', 'unknown',
                                                 'cancelled', 'denied', 'expired', 'undone')),
  card            jsonb,
  approvers       integer not null default 0,
  expires_at      timestamptz,
  attempted_at    timestamptz,
  result          text,
  undo_until      timestamptz,
  undoes_turn     integer,
  undoes_call     integer,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (conversation_id, turn, call)
);
create index effects_of_subject on effects (subject, tool, created_at);
create index effects_awaiting_approval on effects (expires_at) where state = 'awaiting_approval';
-- An effect is taken back once, whoever asks for it how often.
create unique index effects_undone_once on effects (conversation_id, undoes_turn, undoes_call)
  where undoes_turn is not null and state not in ('failed', 'cancelled', 'denied', 'expired');

-- Who agreed to an effect that needs people: each of them once to the same arguments.
create table approvals (
  conversation_id text not null,
  turn            integer not null,
  call            integer not null,
  arguments_hash  text not null,
  by              text not null,
  reason          text,
  at              timestamptz not null default now(),
  primary key (conversation_id, turn, call, arguments_hash, by),
  foreign key (conversation_id, turn, call) references effects (conversation_id, turn, call) on delete cascade
);

-- Down Migration

drop table approvals, effects;
