-- What a format keeps of one import for the next: calls that only together with others give an attack away.

create table format_memory (
  organisation bigint not null references organisation (id),
  format text not null,
  body jsonb not null,
  primary key (organisation, format)
);
