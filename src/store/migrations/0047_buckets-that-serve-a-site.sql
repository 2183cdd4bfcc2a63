-- Answers of their own that say of a bucket that it serves a site: few among all that was described.
create index resource_served on resource (shard, key)
  where gone_at is null and facts is not null and type = 'resource-part' and facts -> 'Facts' -> 'Website' = 'true'::jsonb;
