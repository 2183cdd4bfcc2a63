-- What a ticket that was made was told last of its issue and how often, whether it is closed outside, and when to look at it next.
alter table delivery add column told text not null default 'open' check (told in ('open', 'resolved', 'muted'));
alter table delivery add column tellings integer not null default 0;
alter table delivery add column is_closed boolean not null default false;
alter table delivery add column follow_at timestamptz;
alter table delivery add column follow_attempts integer not null default 0;
create index delivery_made on delivery (shard, id) where kind = 'ticket' and state = 'made';

-- Tickets of before are taken to know how their issues stand.
update delivery set told = case when issue.status = 'resolved' then 'resolved' else 'muted' end
from issue where issue.shard = delivery.shard and issue.id = delivery.issue_id and (issue.status = 'resolved' or issue.is_muted)
  and delivery.kind = 'ticket' and delivery.state = 'made';
