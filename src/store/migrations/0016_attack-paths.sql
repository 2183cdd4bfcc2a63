-- Attack paths are findings of a source of our own. What is told of each is kept beside it, with which issues it goes
-- through, so that an issue says how many paths it is part of.

create table attack_path (
  shard bigint not null,
  fingerprint uuid not null,
  body jsonb not null,
  primary key (shard, fingerprint)
);

create table attack_path_gate (
  shard bigint not null,
  issue_id text collate "C" not null,
  path_issue_id text collate "C" not null,
  primary key (shard, issue_id, path_issue_id)
);

-- When paths were looked for last, by which rules, and what was left out.
create table attack_path_search (
  organisation bigint primary key references organisation (id),
  at timestamptz not null,
  rules text not null,
  notes text[] not null
);

-- Where outsiders get in.
create index resource_entered on resource (shard, key)
  where gone_at is null and (publicly_accessible ->> 'state' = 'yes' or privilege::text like '%can be assumed % any%');

-- What somebody would want.
create index resource_wanted on resource (shard, key)
  where gone_at is null and (attribution -> 'data' ->> 'dataClass' in ('confidential', 'restricted') or jsonb_array_length(attribution -> 'data' -> 'types') > 0);
