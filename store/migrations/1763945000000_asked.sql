-- Up Migration

-- Passages are an index of the playbook: the next worker to start fills them again.
delete from knowledge;
delete from passages;

-- `asked`: no piece of the article but one way in which customers ask for it, found and embedded alike, never quoted.
alter table passages add column asked boolean not null default false;

-- To see whether what an answer was made from is still there.
create index passages_hash on passages (hash);

-- Down Migration

delete from knowledge;
delete from passages;
drop index passages_hash;
alter table passages drop column asked;
