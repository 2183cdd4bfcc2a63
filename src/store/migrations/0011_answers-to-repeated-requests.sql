-- What a request with an Idempotency-Key was answered, for as long as it may be repeated.
create table kept_answer (
  organisation bigint not null references organisation (id),
  -- SHA-256 of who asked and the key.
  key bytea not null,
  -- SHA-256 of what was asked.
  request bytea not null,
  body jsonb not null,
  at timestamptz not null,
  primary key (organisation, key)
);
