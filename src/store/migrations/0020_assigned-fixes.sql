-- What closes a way of an attacker may be somebody's to do, until a day. The gate is kept as it was told, for when no way
-- goes through it any more.

create table fix (
  shard bigint not null,
  id text collate "C" not null,
  gate jsonb not null,
  assignee text,
  due_at timestamptz,
  actor text not null,
  at timestamptz not null,
  primary key (shard, id)
);
