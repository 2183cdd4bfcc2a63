-- What VEX says of products is kept beside what service catalogues say: it comes and goes with its file and its source alike.
alter table catalogue_entry drop constraint catalogue_entry_kind_check;
alter table catalogue_entry add constraint catalogue_entry_kind_check check (kind in ('service', 'code-owners', 'vex'));
create index catalogue_entry_vex on catalogue_entry (shard, (body ->> 'advisory')) where kind = 'vex';
