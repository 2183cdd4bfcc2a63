-- Advisories that a list calls emerging, each until an instant.
create table feed_emerging (
  advisory text collate "C" not null primary key,
  until timestamptz not null,
  reason text
);

-- What an organisation says about owners: tags that mean somebody, names that own nothing, and whose a resource is.
create table owner_preference (
  organisation bigint not null references organisation (id),
  kind text not null check (kind in ('tag', 'exclusion', 'accepted')),
  subject text collate "C" not null,
  value text collate "C" not null default '',
  owner text,
  note text,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, kind, subject, value)
);
