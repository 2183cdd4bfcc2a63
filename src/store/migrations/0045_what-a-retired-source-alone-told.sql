-- All sources whose latest inventory has a resource, the retired source with which it went, and what ran where by then.
alter table resource alter column listed_by type text[] using case when listed_by is not null then array[listed_by] end;
alter table resource add column gone_with text collate "C";
alter table resource add column gone_relations jsonb;
alter table inventory_coverage add column is_retired boolean not null default false;
alter table data_clue add column is_retired boolean not null default false;
