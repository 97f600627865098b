-- Up Migration

-- Passages are an index of the playbook: the next worker to start fills them again.
delete from knowledge;
delete from passages;
drop index passages_search;
alter table passages
  drop column search,
  -- SHA-256 of what is embedded; a passage that did not change keeps its vector.
  add column hash  text not null,
  -- Words after stemming, title and heading counted twice.
  add column words real not null default 0;

-- How often each stemmed word is in a passage: what ranking by BM25 needs, found by word.
create table passage_words (
  word      text not null,
  article   text not null,
  ordinal   integer not null,
  frequency real not null,
  primary key (word, article, ordinal),
  foreign key (article, ordinal) references passages on delete cascade
);
create index passage_words_of on passage_words (article, ordinal);

-- Vectors by content, so that they outlive a change of place; packed float32, little endian.
create table embeddings (
  embedder text not null,
  hash     text not null,
  vector   bytea not null,
  primary key (embedder, hash)
);

-- Down Migration

drop table embeddings, passage_words;
delete from knowledge;
delete from passages;
alter table passages drop column hash, drop column words, add column search tsvector not null;
create index passages_search on passages using gin (search);
