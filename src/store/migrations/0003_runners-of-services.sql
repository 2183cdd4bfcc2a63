-- What runs a service is looked up for the findings in its code.

create index resource_services on resource using gin (shard, services);
