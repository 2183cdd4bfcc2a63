-- What entries of the reports of a scope said when they were read, so that they need not be read again: records of
-- 49 bytes, as src/store/import/known-entries.ts packs them. Any of these rows may be deleted at any time.

create table entry_memory (
  shard bigint not null,
  scope_id bigint not null,
  part integer not null,
  -- Another program may read the same entry otherwise.
  program text not null,
  made_at timestamptz not null,
  entries bytea not null,
  primary key (shard, scope_id, part)
);

-- Hashes can not be compressed.
alter table entry_memory alter column entries set storage external;
