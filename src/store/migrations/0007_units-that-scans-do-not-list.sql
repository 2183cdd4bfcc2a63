-- Units of coverage with open sightings that the latest scan of their scope did not list, and when one did last.
create table unlisted_unit (
  shard bigint not null,
  scope_id bigint not null,
  cover bigint not null,
  looked_at timestamptz not null,
  primary key (shard, scope_id, cover)
);

-- Those that a scan changed, as they were before it; null: it was listed.
create table scan_unit (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  cover bigint not null,
  looked_at timestamptz,
  primary key (shard, scope_id, scan_id, cover)
);
