-- Up Migration

-- The playbook version whose articles `passages` holds; one row.
create table knowledge (
  singleton boolean primary key default true check (singleton),
  version   text not null,
  synced_at timestamptz not null default now()
);

-- Articles cut at their headings. `search` weighs title and heading above the text.
create table passages (
  article  text not null,
  ordinal  integer not null,
  title    text not null,
  heading  text not null,
  url      text,
  language text not null,
  text     text not null,
  search   tsvector not null,
  primary key (article, ordinal)
);
create index passages_search on passages using gin (search);

-- Down Migration

drop table passages, knowledge;
