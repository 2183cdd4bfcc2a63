-- A part of a name or key finds resources without reading all of them; as for words of issues, a server without the
-- extensions reads the table instead.
do $$
declare
  place name;
begin
  select nspname into strict place from pg_opclass join pg_namespace on pg_namespace.oid = opcnamespace where opcname = 'gin_trgm_ops';
  execute format('create index resource_words on resource using gin (shard, key %1$I.gin_trgm_ops, name %1$I.gin_trgm_ops)', place);
exception
  when no_data_found or feature_not_supported or insufficient_privilege or undefined_object then
    raise notice 'Resources are searched without an index: %', sqlerrm;
end
$$;
