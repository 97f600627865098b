-- Up Migration

-- What was understood of the customer's messages (knowledge/understanding), what the reply rests on, and whether knowledge
-- and tools had no answer: for agents, rules of handoff and the list of gaps.
alter table turns
  add column understanding jsonb,
  add column rests_on      text check (rests_on in ('articles', 'tools', 'cache', 'nothing')),
  add column unanswered    boolean not null default false;
create index turns_unanswered on turns (ended_at desc) where unanswered;

-- Answers to common questions. Found by the gist of a question, served while every passage that the model was shown is still
-- in the index and, unless an operator vouches for it (`pinned`), playbook.yaml is the one that it was made under. Goes with
-- the conversation that it was made in; a pinned one stays.
create table answers (
  id              bigint generated always as identity primary key,
  audience        text not null check (audience in ('visitor', 'customer')),
  language        text not null,
  intent          text not null,
  exact           text not null,
  gist            text not null,
  question        text not null,
  embedder        text,
  vector          bytea,
  text            text not null,
  sources         jsonb not null,
  passages        text[] not null,
  settings        text not null,
  conversation_id text references conversations (id) on delete cascade,
  pinned          boolean not null default false,
  served          integer not null default 0,
  made_at         timestamptz not null default now(),
  unique (audience, language, intent, exact)
);
create index answers_by_gist on answers (gist);
create index answers_by_age on answers (made_at) where not pinned;
create index answers_of_conversation on answers (conversation_id);

-- Down Migration

drop table answers;
drop index turns_unanswered;
alter table turns drop column understanding, drop column rests_on, drop column unanswered;
