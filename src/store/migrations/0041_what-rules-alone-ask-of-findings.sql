-- What rules ask of a finding and nothing else does, its title, whether there is a fix, and its check, is told apart by a number
-- beside what findings are grouped by: a rule that asks a million findings for it looks at one row of each kind.
alter table finding add column fine_likeness bigint not null generated always as (
  ('x' || encode(substr(sha256(replace(coalesce((summary -> 'title')::text, '""') || coalesce((summary -> 'fixable')::text, 'null') || coalesce(tool_check, ''), '\', '\\')::bytea), 1, 8), 'hex'))::bit(64)::bigint
) stored;
drop index finding_issue;
create index finding_issue on finding (shard, issue_id, is_open, likeness, resource_key, fingerprint) include (first_seen, reopened_at, resource_kind, fine_likeness);
