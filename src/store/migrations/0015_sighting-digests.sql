-- The open sightings of a scope in short, so that the next report is compared with a few bytes of each instead of with
-- its row: records of 37 bytes, as src/store/import/sighting-digest.ts packs them. What a later part says of a sighting
-- stands. The rows of one scope may be deleted at any time, all of them together.

create table sighting_digest (
  shard bigint not null,
  scope_id bigint not null,
  part integer not null,
  -- Class, severity, fixability and rule, once for all records of the part that have them in common.
  traits jsonb not null,
  entries bytea not null,
  primary key (shard, scope_id, part)
);

-- Hashes can not be compressed.
alter table sighting_digest alter column entries set storage external;
