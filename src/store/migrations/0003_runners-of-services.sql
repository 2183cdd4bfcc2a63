-- What runs a service is looked up for the findings in its code. Without the extension that the search by words
-- asked for too, the table is read instead.

do $$
begin
  create index resource_services on resource using gin (shard, services);
exception
  when undefined_object then
    raise notice 'What runs a service is looked up without an index: %', sqlerrm;
end
$$;
