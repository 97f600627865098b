-- Up Migration

-- Copies of what the workflow decided, for lists. `sla` is how its clocks stand: `[{clock, dueAt, state}]`, times in
-- ISO 8601. `outcome` is of a resolved conversation; `outcome_reason` says why, in a word or in the agent's own words.
alter table conversations
  add column sla            jsonb not null default '[]',
  add column outcome        text check (outcome in ('assistant', 'agent', 'abandoned', 'ticketed')),
  add column outcome_reason text;

-- Down Migration

alter table conversations drop column sla, drop column outcome, drop column outcome_reason;
