-- Who created resources, as an audit log tells it.
create table resource_creator (
  shard bigint not null,
  resource_key text collate "C" not null,
  source_id text collate "C" not null,
  name text not null,
  call text not null,
  created_at timestamptz not null,
  primary key (shard, resource_key, source_id)
);
