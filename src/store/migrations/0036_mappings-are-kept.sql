-- How reports of tools are read that no format knows, by name.
create table report_mapping (
  organisation bigint not null references organisation (id),
  name text collate "C" not null,
  text text not null,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, name)
);
