-- Each event carries a digest over what it says and over the event before it. Those from before this have none.
alter table event add column seq bigint;
alter table event add column digest bytea;
create unique index event_seq on event (shard, seq) where seq is not null;

-- The newest event of the chain.
create table event_chain (
  shard bigint not null primary key,
  length bigint not null,
  digest bytea not null
);

-- Where events were deleted that are kept no longer: the chain goes from the digest before them to that of the last of them.
create table event_anchor (
  shard bigint not null,
  from_seq bigint not null,
  to_seq bigint not null,
  digest_before bytea not null,
  digest bytea not null,
  at timestamptz not null,
  signature bytea not null,
  primary key (shard, from_seq)
);

-- What happened to issues and was not delivered yet.
create table outbox (
  shard bigint not null,
  id text collate "C" not null,
  at timestamptz not null,
  actor text not null,
  verb text not null,
  subject text not null,
  details jsonb not null,
  primary key (shard, id)
);

create table comment (
  shard bigint not null,
  id text collate "C" not null,
  issue_id text collate "C" not null,
  author text not null,
  at timestamptz not null,
  text text,
  edited_at timestamptz,
  deleted_at timestamptz,
  primary key (shard, id)
);
create index comment_issue on comment (shard, issue_id);

-- What somebody did to one or to many issues with one word, and what was decided of each finding before, so that it can be taken back.
create table action (
  shard bigint not null,
  id text collate "C" not null,
  at timestamptz not null,
  actor text not null,
  kind text not null,
  undone_at timestamptz,
  primary key (shard, id)
);
create table action_before (
  shard bigint not null,
  action_id text collate "C" not null,
  fingerprint uuid not null,
  issue_id text collate "C" not null,
  at timestamptz not null,
  before jsonb,
  primary key (shard, action_id, fingerprint)
);

-- Risks that somebody wants to accept, where a second person has to agree.
create table acceptance (
  shard bigint not null,
  id text collate "C" not null,
  issue_id text collate "C" not null,
  reason text not null,
  until_at timestamptz not null,
  asked_by text not null,
  asked_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  is_approved boolean,
  primary key (shard, id)
);
create index acceptance_issue on acceptance (shard, issue_id);
alter table organisation add column acceptance_days_max integer not null default 365;
alter table organisation add column acceptance_needs_approval boolean not null default false;
