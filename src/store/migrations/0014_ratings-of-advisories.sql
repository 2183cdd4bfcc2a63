-- How an organisation rates advisories itself.

create table advisory_rating (
  organisation bigint not null references organisation (id),
  advisory text collate "C" not null,
  vector text,
  severity text constraint advisory_rating_severity_check check (severity in ('critical', 'high', 'medium', 'low', 'info')),
  reason text not null,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, advisory)
);
