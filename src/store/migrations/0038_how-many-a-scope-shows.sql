-- How many sightings of its scope are open and held after the scan that wrote the part: the list of sources counts them
-- itself only where no scan said so, and looks at held ones alone where there are any.
alter table sighting_digest add column open integer, add column held integer;

create index sighting_held on sighting (shard, scope_id) where gone_at is null and held_since is not null;
