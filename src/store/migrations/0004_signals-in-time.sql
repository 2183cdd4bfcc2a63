-- A name means who had it when an attack was seen; the later word about a signal counts.
alter table resource_alias
  add column until_at timestamptz,
  drop constraint resource_alias_pkey,
  add primary key (shard, alias, key, seen_at);
alter table signal add column stated_at timestamptz;
