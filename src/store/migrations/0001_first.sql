-- Small tables: ordinary on one node and on the coordinator of several.

create table organisation (
  id bigint primary key,
  name text not null,
  -- Counts the changes of its aliases.
  alias_version bigint not null default 0,
  severity_basis text not null default 'adjusted' check (severity_basis in ('adjusted', 'base')),
  epss_rule text not null default 'ours' check (epss_rule in ('ours', 'reference'))
);

insert into organisation (id, name) values (1, 'default');

create table source (
  organisation bigint not null references organisation (id),
  id text collate "C" not null,
  name text not null,
  tool text not null,
  is_named boolean not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  -- The source that it is a part of now: reports that name it belong to that one.
  merged_into text collate "C",
  -- When it reported last, and when each of its last looks began.
  last_report_at timestamptz,
  looks bigint[] not null default '{}',
  -- For how many days it may be silent, where a person said so.
  rhythm_days integer,
  primary key (organisation, id)
);

create table scope (
  organisation bigint not null references organisation (id),
  id bigint not null,
  source_id text collate "C" not null,
  key text collate "C" not null,
  keys jsonb not null,
  image_key text collate "C",
  image_line text collate "C",
  image_digest text,
  image_id text,
  image_reference text,
  environment text,
  services text[] not null default '{}',
  team text,
  first_report_at timestamptz not null,
  last_report_at timestamptz not null,
  last_sha256 text,
  is_counting boolean not null default true,
  -- Since when it does not, as long as there are sightings of it to delete.
  not_counting_since timestamptz,
  retired_at timestamptz,
  primary key (organisation, id),
  unique (organisation, source_id, key)
);

create index scope_image on scope (organisation, source_id, image_key) where image_key is not null;
create index scope_image_id on scope (organisation, image_id) where image_id is not null;

create index scope_not_counting on scope (organisation, not_counting_since) where not_counting_since is not null;

create table scan (
  organisation bigint not null references organisation (id),
  id text collate "C" not null,
  source_id text collate "C" not null,
  scope_id bigint not null,
  files text[] not null,
  sha256 text not null,
  format text not null,
  tool_version text,
  report_at timestamptz not null,
  arrived_at timestamptz not null,
  actor text not null,
  is_complete boolean not null,
  -- What a person said of it, as words of a command line: the same import again has to say it again.
  flags text[] not null default '{}',
  counts jsonb not null,
  sentence text not null,
  -- The units that it looked at; null: all of its scope.
  covers bigint[],
  -- Scope and source before it, so that it can be taken back; null: it can not any more.
  before jsonb,
  primary key (organisation, id)
);

create index scan_scope on scan (organisation, scope_id, arrived_at desc);

create table signal_coverage (
  organisation bigint not null references organisation (id),
  source_id text collate "C" not null,
  place text collate "C" not null,
  at timestamptz not null,
  primary key (organisation, source_id, place)
);

-- What an organisation says about controls of the catalogue; null leaves the catalogue's word.

-- A default rule has a row once somebody switched it; a rule of the organisation has its text here too.
create table admission_rule (
  organisation bigint not null references organisation (id),
  id text collate "C" not null,
  is_enabled boolean not null,
  cloned_from text,
  title text,
  sentence text,
  types text[],
  conditions jsonb,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, id)
);

-- Ranges of addresses that the organisation calls its own.
create table network (
  organisation bigint not null references organisation (id),
  cidr text collate "C" not null,
  label text not null,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, cidr)
);

create table control_edit (
  organisation bigint not null references organisation (id),
  control text collate "C" not null,
  vector text check (vector in ('required_privileges', 'vulnerability', 'no_authorization')),
  accessibility text check (accessibility in ('private', 'public')),
  impact text check (impact in ('low', 'medium', 'high', 'critical')),
  is_inbox boolean,
  severity text check (severity in ('critical', 'high', 'medium', 'low', 'info')),
  reason text not null,
  actor text not null,
  at timestamptz not null,
  primary key (organisation, control)
);

-- Exact other names of one thing; `target` is the one that would be used. A person's withdrawal outlasts every report.

create table alias (
  organisation bigint not null references organisation (id),
  kind text not null check (kind in ('advisory', 'resource')),
  name text collate "C" not null,
  target text collate "C" not null,
  target_kind text,
  target_name text,
  origin text not null,
  learned_at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (organisation, kind, name, target)
);

create table person (
  organisation bigint not null references organisation (id),
  id text collate "C" not null,
  name text not null,
  role text not null check (role in ('read', 'triage', 'administer')),
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (organisation, id),
  unique (organisation, name)
);

create table sign_in_link (
  hash bytea primary key,
  organisation bigint not null,
  person_id text collate "C" not null,
  host text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table session (
  hash bytea primary key,
  organisation bigint not null,
  person_id text collate "C" not null,
  role text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table api_token (
  hash bytea primary key,
  organisation bigint not null,
  person_id text collate "C" not null,
  id text collate "C" not null,
  kind text not null check (kind in ('pat', 'ing', 'svc', 'mcp')),
  name text not null,
  last_four text not null,
  role text,
  source text,
  scope jsonb,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  check ((kind = 'ing') = (source is not null)),
  unique (organisation, id)
);

-- Reference tables: what the intelligence feeds say, one row per advisory, the same for every organisation.

create table feed (
  id text primary key,
  origin text not null,
  version text,
  content_at timestamptz not null,
  read_at timestamptz not null,
  entries bigint not null
);

create table feed_kev (
  advisory text collate "C" primary key,
  added_at timestamptz,
  is_ransomware boolean not null,
  title text not null
);

create table feed_epss (
  advisory text collate "C" primary key,
  score real not null,
  percentile real not null
);

create table feed_exploitdb (
  advisory text collate "C" primary key,
  entries text[] not null,
  modules text[] not null
);

create table feed_metasploit (
  advisory text collate "C" primary key,
  attacks text[] not null,
  auxiliary text[] not null
);

create table feed_nuclei (
  advisory text collate "C" primary key,
  templates text[] not null
);

create table feed_nvd (
  advisory text collate "C" primary key,
  published_at timestamptz,
  modified_at timestamptz,
  is_rejected boolean not null,
  title text,
  claims jsonb not null,
  exploit_references text[] not null
);

-- Large tables: `shard` stands first in every primary and unique key and in every join.
-- shard = organisation * 1024 + bucket.

create table issue (
  shard bigint not null,
  id text collate "C" not null,
  key text collate "C" not null,
  type text not null,
  title text not null,
  advisory text collate "C",
  severity smallint not null,
  score real not null,
  risks_yes smallint not null,
  risks_unknown smallint not null,
  risk_count smallint not null,
  resources integer not null,
  services integer not null,
  impact integer not null,
  rank bigint not null,
  is_admitted boolean not null,
  admitted_by text[] not null,
  held_back_by text[] not null,
  is_muted boolean not null,
  status text not null,
  due_at timestamptz,
  assignee text,
  team text,
  lead uuid,
  open_findings integer not null,
  first_seen timestamptz not null,
  valid_until timestamptz,
  primary key (shard, id)
);

create index issue_inbox on issue (shard, rank desc, id desc) where is_admitted and not is_muted and status = 'open';
create index issue_all on issue (shard, rank desc, id desc) where not is_muted and status = 'open';
create index issue_type on issue (shard, type, rank desc, id desc) where not is_muted and status = 'open';
-- One for each detected risk, in the order of its bits.
create index issue_publicly_accessible on issue (shard, rank desc, id desc) where (risks_yes & 1) <> 0 and not is_muted and status = 'open';
create index issue_privileged_access on issue (shard, rank desc, id desc) where (risks_yes & 2) <> 0 and not is_muted and status = 'open';
create index issue_under_attack on issue (shard, rank desc, id desc) where (risks_yes & 4) <> 0 and not is_muted and status = 'open';
create index issue_exploit_available on issue (shard, rank desc, id desc) where (risks_yes & 8) <> 0 and not is_muted and status = 'open';
create index issue_in_production on issue (shard, rank desc, id desc) where (risks_yes & 16) <> 0 and not is_muted and status = 'open';
create index issue_advisory on issue (shard, advisory) where advisory is not null;
create index issue_valid_until on issue (shard, valid_until) where valid_until is not null;

-- How many issues of each kind there are, changed by the statements that change issues: counts of the inbox read
-- this instead of all issues.

create table issue_tally (
  shard bigint not null,
  status text collate "C" not null,
  is_muted boolean not null,
  is_admitted boolean not null,
  type text collate "C" not null,
  severity smallint not null,
  risks_yes smallint not null,
  risks_unknown smallint not null,
  -- Empty where it is admitted.
  held_back_by text[] not null,
  issues bigint not null,
  open_findings bigint not null,
  primary key (shard, status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by)
);

-- What a search by words looks at: title and key of each issue, in lower case. A table of its own, so that a
-- change of rank writes nothing to its index.

create table issue_text (
  shard bigint not null,
  id text collate "C" not null,
  text text collate "C" not null,
  primary key (shard, id)
);

-- Trigrams find words without reading all rows. A server that lacks the extensions, or does not let us have them,
-- reads the table instead.

do $$
declare
  place name;
begin
  create schema if not exists extension;
  create extension if not exists btree_gin with schema extension;
  create extension if not exists pg_trgm with schema extension;
  select nspname into strict place from pg_opclass join pg_namespace on pg_namespace.oid = opcnamespace where opcname = 'gin_trgm_ops';
  execute format('create index issue_text_words on issue_text using gin (shard, text %I.gin_trgm_ops)', place);
exception
  when undefined_file or feature_not_supported or insufficient_privilege or undefined_object then
    raise notice 'Search by words goes without an index: %', sqlerrm;
end
$$;

create table finding (
  shard bigint not null,
  fingerprint uuid not null,
  issue_id text collate "C" not null,
  issue_key text collate "C" not null,
  type text not null,
  advisory text collate "C",
  control text collate "C",
  tool_check text collate "C",
  resource_key text collate "C" not null,
  resource_kind text not null,
  resource_name text not null,
  place text not null,
  -- Parts of the identity that have no column: hash of a secret, CWE, number among equals.
  mark text,
  is_open boolean not null,
  first_seen timestamptz not null,
  closed_at timestamptz,
  closed_why text,
  reopened_at timestamptz,
  summary jsonb not null,
  -- Findings of one issue with the same number are assessed alike where they are deployed alike.
  likeness bigint not null,
  primary key (shard, fingerprint)
);

create index finding_issue on finding (shard, issue_id);
create index finding_closed on finding (shard, closed_at) where not is_open;
create index finding_resource on finding (shard, resource_key);

create index finding_advisory on finding (shard, advisory) where advisory is not null;

-- Identities that reports name and for which an alias knows another one: a sighting has the fingerprint that its
-- report gives it, and belongs to the finding of this table, else to the finding of that fingerprint.

create table rekeyed (
  shard bigint not null,
  own uuid not null,
  fingerprint uuid not null,
  advisory text collate "C",
  resource_key text collate "C" not null,
  identity jsonb not null,
  at timestamptz not null,
  -- The decisions of both findings before they were united.
  united jsonb not null default '[]',
  primary key (shard, own)
);

create index rekeyed_fingerprint on rekeyed (shard, fingerprint);
create index rekeyed_advisory on rekeyed (shard, advisory) where advisory is not null;
create index rekeyed_resource on rekeyed (shard, resource_key);

-- Issues whose findings are all known under another key now.

create table issue_redirect (
  shard bigint not null,
  id text collate "C" not null,
  target text collate "C" not null,
  at timestamptz not null,
  primary key (shard, id)
);

create table sighting (
  shard bigint not null,
  scope_id bigint not null,
  fingerprint uuid not null,
  content_hash bigint not null,
  occurrences integer not null,
  cover bigint not null,
  finding_class text,
  severity smallint,
  is_fixable boolean,
  rule text,
  first_seen timestamptz not null,
  changed_at timestamptz not null,
  gone_at timestamptz,
  gone_why text,
  held_since timestamptz,
  held_why text,
  content jsonb not null,
  primary key (shard, scope_id, fingerprint)
);

create index sighting_finding on sighting (shard, fingerprint);
create index sighting_gone on sighting (shard, gone_at) where gone_at is not null;

-- What the latest scans of a scope changed, as it was before; nothing for the first scan of a scope.

create table scan_change (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  fingerprint uuid not null,
  before jsonb,
  covers bigint[] not null,
  finding jsonb,
  primary key (shard, scope_id, scan_id, fingerprint)
);

-- The units of coverage of those sightings that have more than one.

create table sighting_cover (
  shard bigint not null,
  scope_id bigint not null,
  fingerprint uuid not null,
  cover bigint not null,
  primary key (shard, scope_id, fingerprint, cover)
);

create table resource (
  shard bigint not null,
  key text collate "C" not null,
  kind text not null,
  type text not null,
  name text not null,
  account text,
  region text,
  -- The part of the estate that is evaluated together: an account, a cluster.
  estate text collate "C",
  tags jsonb not null,
  facts jsonb,
  source_id text collate "C",
  seen_at timestamptz,
  -- The source whose inventory described it last: a complete one of the same source that lacks it says that it is gone.
  listed_by text collate "C",
  -- When it was described, where the report tells it of each resource; else the time of the report.
  captured_at timestamptz,
  -- The facts are what a tool other than an inventory knew: those of any inventory replace them.
  is_second_hand boolean not null default false,
  -- Path of the file that describes it, which may say of which environment it is.
  described_in text,
  gone_at timestamptz,
  environment text,
  services text[] not null default '{}',
  team text,
  -- What people said of its environment, services and team: tags that change do not undo that.
  declared jsonb,
  -- Where services, owner and data were read, with all candidates: shown, and looked at by no rank.
  attribution jsonb,
  production jsonb not null,
  publicly_accessible jsonb not null,
  privileged_access jsonb not null,
  -- Every way in that was looked at, and the level with its reasons: what the two verdicts above rest on.
  exposure jsonb not null default '[]',
  privilege jsonb not null default '{"level": "unknown", "reasons": []}',
  -- When the clock alone may change what this makes of its estate: a date in a policy. The estate is then evaluated anew.
  valid_until timestamptz,
  primary key (shard, key)
);

create index resource_valid_until on resource (shard, valid_until) where valid_until is not null;
create index resource_gone on resource (shard, gone_at) where gone_at is not null;
create index resource_estate on resource (shard, estate) where estate is not null;

-- Which resources an inventory listed: all of a type at a place (region, namespace, or empty for all of the
-- account or cluster), or some. Held are the findings of those that it lacks, if it lacks too many.

create table inventory_coverage (
  shard bigint not null,
  estate text collate "C" not null,
  place text collate "C" not null,
  type text collate "C" not null,
  source_id text collate "C" not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  collected_at timestamptz not null,
  complete text not null check (complete in ('yes', 'partial')),
  held integer not null default 0,
  held_of integer not null default 0,
  held_since timestamptz,
  held_why text,
  primary key (shard, estate, place, type, source_id)
);

create table relation (
  shard bigint not null,
  kind text not null,
  from_key text collate "C" not null,
  to_key text collate "C" not null,
  digest text not null,
  image_id text not null,
  reference text not null,
  source_id text collate "C" not null,
  seen_at timestamptz not null,
  primary key (shard, kind, from_key, to_key, digest, image_id, reference)
);

create index relation_to on relation (shard, kind, to_key);
create index relation_image_id on relation (shard, image_id) where image_id <> '';

create table signal (
  shard bigint not null,
  resource_key text collate "C" not null,
  id text collate "C" not null,
  source_id text collate "C" not null,
  tool text not null,
  rule text not null,
  title text not null,
  severity smallint,
  first_at timestamptz not null,
  last_at timestamptz not null,
  count bigint not null,
  is_attack boolean not null,
  -- Aimed at an application: what it is about is attacked, and all of its services.
  is_on_service boolean not null default false,
  account text,
  details jsonb not null,
  primary key (shard, resource_key, id)
);

create index signal_last on signal (shard, last_at);

-- Other names of resources, each with how sure a join by it is. Such a join decides risks and never what a finding is:
-- that is for `alias`. Signals that name an address or a host have the resource key `name:…`.

create table resource_alias (
  shard bigint not null,
  alias text collate "C" not null,
  key text collate "C" not null,
  source_id text collate "C" not null,
  confidence real not null,
  seen_at timestamptz not null,
  primary key (shard, alias, key)
);

-- What service catalogues say of their services: owner, repositories, what belongs to them.
create table catalogue_entry (
  shard bigint not null,
  source_id text collate "C" not null,
  service text collate "C" not null,
  body jsonb not null,
  primary key (shard, source_id, service)
);

create index resource_alias_key on resource_alias (shard, key);

create table decision (
  shard bigint not null,
  fingerprint uuid not null,
  kind text not null,
  value jsonb not null,
  actor text not null,
  at timestamptz not null,
  primary key (shard, fingerprint, kind)
);

create table event (
  shard bigint not null,
  id text collate "C" not null,
  at timestamptz not null,
  actor text not null,
  verb text not null,
  subject text not null,
  details jsonb not null,
  primary key (shard, id)
);

create index event_subject on event (shard, subject, at desc);

-- Written by COPY while a report is read, and emptied when its scan is applied or its importer is gone.

create unlogged table stage_sighting (
  shard bigint not null,
  import_id bigint not null,
  seq bigint not null,
  file integer not null,
  fingerprint uuid not null,
  -- The finding that it belongs to, where an alias says so.
  finding uuid,
  issue_id text collate "C" not null,
  issue_key text collate "C" not null,
  type text not null,
  advisory text collate "C",
  control text collate "C",
  tool_check text collate "C",
  resource_key text collate "C" not null,
  resource_kind text not null,
  resource_name text not null,
  place text not null,
  mark text,
  content_hash bigint not null,
  occurrences integer not null,
  cover bigint not null,
  finding_class text,
  severity smallint,
  is_fixable boolean,
  rule text,
  content jsonb not null,
  -- What the finding says where no other sighting of it is open.
  summary jsonb not null,
  likeness bigint not null,
  primary key (shard, import_id, fingerprint, seq)
)
-- Rows live for a minute: nothing of them is compressed or stored apart.
with (toast_tuple_target = 8160);
