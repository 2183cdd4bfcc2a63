-- What a list of issues can be grouped and asked by, stored with the row: the services and accounts that an issue touches,
-- and what mends its lead finding. Null is none. The roll-up writes them; what is there already is told by its findings.
alter table issue add column service_names text[];
alter table issue add column accounts text[];
alter table issue add column fix text collate "C";

update issue set service_names = touched.services, accounts = touched.accounts
from (
  select finding.shard, finding.issue_id, array_agg(distinct service.name order by service.name) filter (where service.name is not null) as services,
    array_agg(distinct coalesce(resource.account, resource.estate) order by coalesce(resource.account, resource.estate)) filter (where coalesce(resource.account, resource.estate) is not null) as accounts
  from finding
  left join relation on relation.shard = finding.shard and relation.kind = 'runs-image' and relation.to_key = finding.resource_key
  join resource on resource.shard = finding.shard and resource.key in (finding.resource_key, relation.from_key) and resource.gone_at is null
  left join lateral unnest(resource.services) as service (name) on true
  where finding.is_open
  group by finding.shard, finding.issue_id
) as touched
where touched.shard = issue.shard and touched.issue_id = issue.id;

update issue set fix = case
  when finding.control is not null then 'control:' || finding.control
  when finding.type in ('library_vulnerability', 'infrastructure_vulnerability') and finding.place like '%/%' then 'package:' || finding.place
end
from finding
where finding.shard = issue.shard and finding.fingerprint = issue.lead;

update issue set fix = coalesce(
  (select case
     when finding.control is not null then 'control:' || finding.control
     when finding.type in ('library_vulnerability', 'infrastructure_vulnerability') and finding.place like '%/%' then 'package:' || finding.place
   end from finding where finding.shard = issue.shard and finding.fingerprint = (attack_path.body #>> '{fixes,0,saidBy}')::uuid),
  'opening:' || (attack_path.body #>> '{fixes,0,fix}'))
from attack_path
where attack_path.shard = issue.shard and attack_path.fingerprint = issue.lead;
