-- Up Migration

-- `look_at`: when somebody has to look what became of an effect, or to tell its customer of it; null: nobody has to. It is set
-- before a provider is called, further ahead than any turn may last, so that an effect is not forgotten with the workflow or
-- the workers that had it. `looks` counts how often that was done. `told_turn`: the turn in which the customer heard of the end
-- of an effect that had been unknown.
alter table effects
  add column look_at timestamptz,
  add column looks integer not null default 0,
  add column told_turn integer;
create index effects_to_look_at on effects (look_at) where look_at is not null;

-- Those that nobody looked at so far: from now on somebody does.
update effects set look_at = now() where state = 'unknown' or (state = 'intended' and updated_at < now() - interval '11 minutes');
update effects set look_at = now() + interval '11 minutes' where state = 'intended' and look_at is null;

-- Down Migration

drop index effects_to_look_at;
alter table effects drop column look_at, drop column looks, drop column told_turn;
