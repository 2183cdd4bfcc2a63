-- Folders and addresses that are looked at on a schedule for reports.
create table watch (
  organisation bigint not null references organisation (id),
  id text collate "C" not null,
  location text not null,
  options jsonb not null,
  every_minutes integer not null,
  allows_private boolean not null,
  created_by text not null,
  created_at timestamptz not null,
  next_at timestamptz not null,
  -- What was there when it was looked at last, so that the same is not read again.
  etag text,
  last_modified text,
  digest text,
  looked_at timestamptz,
  state text,
  sentence text,
  primary key (organisation, id)
);
