-- Where we deliver to outside: trackers in which tickets are made, and webhooks. Their secrets are sealed with the key of the installation.
create table receiver (
  organisation bigint not null references organisation (id),
  name text collate "C" not null,
  kind text not null check (kind in ('github', 'jira', 'webhook')),
  address text not null,
  -- Of a tracker: a repository, or the key of a project.
  project text,
  ticket_type text,
  account text,
  allows_private boolean not null,
  wants_events boolean not null,
  secret bytea not null,
  created_by text not null,
  created_at timestamptz not null,
  last_at timestamptz,
  last_failure text,
  primary key (organisation, name)
);

-- What is to be delivered to a receiver, once: a ticket for an issue, a run of a workflow, an event.
create table delivery (
  shard bigint not null,
  id text collate "C" not null,
  kind text not null check (kind in ('ticket', 'workflow', 'event')),
  issue_id text collate "C" not null,
  -- What asks for it, once per issue: "rule:" and the rule, "person:" and the receiver, the run or the event itself.
  origin text collate "C" not null,
  receiver text collate "C" not null,
  state text not null check (state in ('passed_over', 'waiting', 'made', 'failed', 'withdrawn')),
  body jsonb not null,
  wanted_at timestamptz not null,
  wanted_by text not null,
  -- When it is tried next. While somebody tries it: when another may.
  next_at timestamptz,
  attempts integer not null,
  -- The day in UTC that it was tried last.
  counted_on date,
  made_at timestamptz,
  key text,
  url text,
  sentence text,
  primary key (shard, id),
  unique (shard, issue_id, origin)
);
create index delivery_due on delivery (shard, next_at) where state = 'waiting';
create index delivery_counted on delivery (shard, origin, counted_on) where counted_on is not null;

alter table automation_rule drop constraint automation_rule_type_check;
alter table automation_rule add constraint automation_rule_type_check
  check (type in ('severity', 'mute', 'due_date', 'inbox', 'assign', 'ticket'));
