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

-- What is planned with them hangs on whether a scan brings ten rows or a million: a small sample tells that.
alter table stage_sighting
  alter column shard set statistics 10,
  alter column import_id set statistics 10,
  alter column fingerprint set statistics 10,
  alter column issue_id set statistics 10,
  alter column resource_key set statistics 10;
