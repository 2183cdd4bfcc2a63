-- Findings about names that lead to something that nobody has any more are looked for whenever attack paths are derived.
create index finding_dangling on finding (shard, fingerprint) where is_open and control in ('route53.dangling-record', 'cloudfront.dangling-origin');

-- Stores of data, users and roles are looked for by their type; the index of before spoke of less than its query does.
drop index resource_wanted;
create index resource_type on resource (shard, type) where gone_at is null and facts is not null;
