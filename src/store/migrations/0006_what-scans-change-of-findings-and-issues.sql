-- What a scan changes of findings and issues, as it was before, so that taking the scan back leaves them as if it had not been.

-- Findings that were there before the scan; the first scan of a scope changes findings of others too.
create table scan_finding (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  fingerprint uuid not null,
  before jsonb not null,
  primary key (shard, scope_id, scan_id, fingerprint)
);

-- Issues that were resolved, or younger.
create table scan_issue (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  issue_id text collate "C" not null,
  before jsonb not null,
  -- When the last of its findings had closed.
  closed_at timestamptz,
  primary key (shard, scope_id, scan_id, issue_id)
);

insert into scan_finding (shard, scope_id, scan_id, fingerprint, before)
select distinct on (scan_change.shard, scan_change.scope_id, scan_change.scan_id, coalesce(rekeyed.fingerprint, scan_change.fingerprint))
  scan_change.shard, scan_change.scope_id, scan_change.scan_id, coalesce(rekeyed.fingerprint, scan_change.fingerprint), scan_change.finding
from scan_change left join rekeyed on rekeyed.shard = scan_change.shard and rekeyed.own = scan_change.fingerprint
where scan_change.finding is not null
order by scan_change.shard, scan_change.scope_id, scan_change.scan_id, coalesce(rekeyed.fingerprint, scan_change.fingerprint), (scan_change.finding ->> 'is_open')::boolean;

alter table scan_change drop column finding;
