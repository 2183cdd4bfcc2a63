-- A machine that a scaling group replaces is a member of it: what is found on the machine is about the group.
alter table alias drop constraint alias_kind_check;
alter table alias add constraint alias_kind_check check (kind in ('advisory', 'resource', 'member'));

-- Scaling groups of AWS are known by account, region and name, as their instances tell them: the id in their ARN is
-- another one each time that a group is made anew. What was stored under the whole ARN follows when the program starts.
insert into alias (organisation, kind, name, target, target_kind, target_name, origin, learned_at)
select organisation.id, 'resource', finding.resource_key, regexp_replace(finding.resource_key, ':autoScalingGroup:[^:]+:', ':autoScalingGroup::'),
  'cloud', min(finding.resource_name), 'program', min(finding.first_seen)
from finding join organisation on finding.shard = organisation.id * 1024
where finding.resource_key ~ '^aws:arn:[a-z-]+:autoscaling:[^:]*:[^:]*:autoScalingGroup:[^:]+:autoScalingGroupName/'
group by organisation.id, finding.resource_key
on conflict (organisation, kind, name, target) do nothing;

-- Of several groups of one name the one that is there stands, else the one that was described last.
delete from resource where key ~ '^aws:arn:[a-z-]+:autoscaling:[^:]*:[^:]*:autoScalingGroup:[^:]+:autoScalingGroupName/' and (shard, key) not in (
  select distinct on (shard, regexp_replace(key, ':autoScalingGroup:[^:]+:', ':autoScalingGroup::')) shard, key from resource
  where key ~ '^aws:arn:[a-z-]+:autoscaling:[^:]*:[^:]*:autoScalingGroup:[^:]+:autoScalingGroupName/'
  order by shard, regexp_replace(key, ':autoScalingGroup:[^:]+:', ':autoScalingGroup::'), (gone_at is null) desc, seen_at desc nulls last, key);
update resource set key = regexp_replace(key, ':autoScalingGroup:[^:]+:', ':autoScalingGroup::')
where key ~ '^aws:arn:[a-z-]+:autoscaling:[^:]*:[^:]*:autoScalingGroup:[^:]+:autoScalingGroupName/';
delete from resource_alias where key ~ '^aws:arn:[a-z-]+:autoscaling:[^:]*:[^:]*:autoScalingGroup:[^:]+:autoScalingGroupName/';
