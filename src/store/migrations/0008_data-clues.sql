-- What scanners of data say that resources hold.
create table data_clue (
  shard bigint not null,
  resource_key text collate "C" not null,
  source_id text collate "C" not null,
  id text collate "C" not null,
  body jsonb not null,
  primary key (shard, resource_key, source_id, id)
);
