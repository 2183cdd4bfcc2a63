-- Lists by name that all of an organisation sees.
create table shared_view (
  organisation bigint not null references organisation (id),
  name text collate "C" not null,
  search jsonb not null,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, name)
);
