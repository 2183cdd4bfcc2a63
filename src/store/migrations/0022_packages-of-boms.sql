-- Bills of materials keep their packages, so that advisories that come later are matched against them.

-- What feeds say of packages: one row per package (`pypi/flask`), record and release of an operating system (empty for any).
create table feed_osv (
  package text collate "C" not null,
  record text collate "C" not null,
  release text collate "C" not null,
  modified_at timestamptz,
  body jsonb not null,
  primary key (package, record, release)
);
create index feed_osv_record on feed_osv (record);

create table feed_ghsa (
  package text collate "C" not null,
  record text collate "C" not null,
  release text collate "C" not null,
  modified_at timestamptz,
  body jsonb not null,
  primary key (package, record, release)
);
create index feed_ghsa_record on feed_ghsa (record);

-- One row per scope whose latest report lists packages. `request`: what its scan was asked for, to match in the same scope.
create table bom (
  shard bigint not null,
  scope_id bigint not null,
  source_id text collate "C" not null,
  request jsonb not null,
  resource jsonb not null,
  report_at timestamptz not null,
  -- Null: nothing has moved since it was matched.
  due_at timestamptz,
  -- Of what was matched last; null: never.
  matched text,
  is_retired boolean not null default false,
  primary key (shard, scope_id)
);
create index bom_due on bom (shard, due_at) where due_at is not null;

create table bom_package (
  shard bigint not null,
  scope_id bigint not null,
  package text collate "C" not null,
  version text collate "C" not null,
  release text collate "C" not null,
  body jsonb not null,
  primary key (shard, scope_id, package, version, release)
);
create index bom_package_name on bom_package (shard, package);
