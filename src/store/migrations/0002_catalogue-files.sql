-- Entries of service catalogues belong to the file and scope that said them, and CODEOWNERS files stand beside them.
alter table catalogue_entry
  add column scope_id bigint not null default 0,
  add column file text collate "C" not null default '',
  add column entity text collate "C",
  add column kind text not null default 'service',
  add column is_retired boolean not null default false;
update catalogue_entry set entity = service;
alter table catalogue_entry
  alter column entity set not null,
  alter column scope_id drop default,
  alter column file drop default,
  alter column kind drop default,
  drop constraint catalogue_entry_pkey,
  drop column service,
  add constraint catalogue_entry_kind_check check (kind in ('service', 'code-owners')),
  add primary key (shard, source_id, scope_id, file, entity);
