-- When each issue was last stored, counted per shard, so that whoever keeps issues in memory reads only those that
-- changed since. `forgotten` is the version at which one was deleted last: what is kept then begins anew.

alter table issue add column version bigint not null default 0;

create index issue_versions on issue (shard, version);

create table inbox_version (
  shard bigint primary key,
  version bigint not null,
  forgotten bigint not null
);
