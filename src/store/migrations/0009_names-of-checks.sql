-- What a sighting was identified by beside its key: checks in their spelling, with what of the record told apart the
-- controls that share one. Null: of an advisory, or as an earlier program stored it.
alter table sighting add column checks jsonb;
alter table stage_sighting add column checks jsonb;

-- The names of checks and their controls under which stored findings were identified; null: as an earlier program knew them.
alter table organisation add column check_names text;
