-- When the description that stands was made, when the tags that stand were told, and of tags that were told beside them
-- each its own time.
alter table resource add column described_at timestamptz;
alter table resource add column tags_at timestamptz;
alter table resource add column tag_times jsonb;
