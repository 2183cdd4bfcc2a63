-- Rules of an organisation that modify severities, mute, set due dates, take into the inbox and assign; and which
-- findings of which issue each of them matches, as the roll-up saw it last.

create table automation_rule (
  organisation bigint not null references organisation (id),
  id text collate "C" not null,
  type text not null check (type in ('severity', 'mute', 'due_date', 'inbox', 'assign')),
  position integer not null,
  name text not null,
  is_enabled boolean not null,
  finding_types text[] not null,
  query text not null,
  action jsonb not null,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, id)
);

create table rule_match (
  shard bigint not null,
  issue_id text collate "C" not null,
  rule_id text collate "C" not null,
  -- The earlier rule that acts in its place; empty: it acts itself.
  taken_by text collate "C" not null,
  findings integer not null,
  primary key (shard, issue_id, rule_id, taken_by)
);
create index rule_match_rule on rule_match (shard, rule_id);
