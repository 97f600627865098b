-- Up Migration

-- The company's people. `password` is an argon2id hash with its parameters; null for who signs in elsewhere only.
create table agents (
  id         text primary key check (id ~ '^[A-Za-z0-9_.@-]{1,64}$'),
  name       text not null,
  role       text not null check (role in ('agent', 'supervisor', 'admin')),
  desks      text[] not null,
  skills     text[] not null default '{}',
  languages  text[] not null,
  capacity   integer not null check (capacity between 1 and 20),
  password   text,
  active     boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Only a hash of the token is kept: whoever reads this table cannot sign in with it.
create table agent_sessions (
  token      bytea primary key,
  agent      text not null references agents (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index agent_sessions_of_agent on agent_sessions (agent);

-- Down Migration

drop table agent_sessions, agents;
