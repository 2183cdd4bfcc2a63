-- What due dates of rules count from: when a report first told a fix of an advisory, and the date that KEV sets.

create table advisory_fix (
  shard bigint not null,
  advisory text collate "C" not null,
  since timestamptz not null,
  primary key (shard, advisory)
);
insert into advisory_fix (shard, advisory, since)
  select shard, advisory, min(first_seen) from finding
  where advisory is not null and summary ->> 'fixable' = 'true' group by shard, advisory;

-- Filled when the feed is read next.
alter table feed_kev add column due_at timestamptz;
