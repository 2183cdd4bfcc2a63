-- Issues are in progress and snoozed too, and say when one of their findings came back.
alter table issue add column snoozed_until timestamptz;
alter table issue add column regressed_at timestamptz;
-- The due date of which it was told that it is past.
alter table issue add column overdue_told timestamptz;

update issue set regressed_at = back.at
from (select shard, issue_id, max(reopened_at) as at from finding where is_open and reopened_at is not null group by shard, issue_id) as back
where back.shard = issue.shard and back.issue_id = issue.id;

-- The indexes of the inbox hold what is listed: open, and in progress.
drop index issue_all;
create index issue_all on issue (shard, rank desc, id desc) where not is_muted and status in ('open', 'in_progress');
drop index issue_inbox;
create index issue_inbox on issue (shard, rank desc, id desc) where is_admitted and not is_muted and status in ('open', 'in_progress');
drop index issue_type;
create index issue_type on issue (shard, type, rank desc, id desc) where not is_muted and status in ('open', 'in_progress');
drop index issue_publicly_accessible;
create index issue_publicly_accessible on issue (shard, rank desc, id desc) where (risks_yes & 1) <> 0 and not is_muted and status in ('open', 'in_progress');
drop index issue_privileged_access;
create index issue_privileged_access on issue (shard, rank desc, id desc) where (risks_yes & 2) <> 0 and not is_muted and status in ('open', 'in_progress');
drop index issue_under_attack;
create index issue_under_attack on issue (shard, rank desc, id desc) where (risks_yes & 4) <> 0 and not is_muted and status in ('open', 'in_progress');
drop index issue_exploit_available;
create index issue_exploit_available on issue (shard, rank desc, id desc) where (risks_yes & 8) <> 0 and not is_muted and status in ('open', 'in_progress');
drop index issue_in_production;
create index issue_in_production on issue (shard, rank desc, id desc) where (risks_yes & 16) <> 0 and not is_muted and status in ('open', 'in_progress');
