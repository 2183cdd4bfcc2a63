-- What findings are grouped by that are assessed together stands in one index, so that a rule that reaches all of them is
-- applied without looking at each. It leads to the findings of an issue as the one before it did.
drop index finding_issue;
create index finding_issue on finding (shard, issue_id, is_open, likeness, resource_key, fingerprint) include (first_seen, reopened_at, resource_kind);
