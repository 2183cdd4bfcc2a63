create table acceptance (
  shard bigint not null,
  id text collate "C" not null,
  issue_id text collate "C" not null,
  reason text not null,
  until_at timestamp with time zone not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  decided_by text,
  decided_at timestamp with time zone,
  is_approved boolean,
  constraint acceptance_pkey PRIMARY KEY (shard, id)
);
CREATE INDEX acceptance_issue ON public.acceptance USING btree (shard, issue_id);

create table action (
  shard bigint not null,
  id text collate "C" not null,
  at timestamp with time zone not null,
  actor text not null,
  kind text not null,
  undone_at timestamp with time zone,
  constraint action_pkey PRIMARY KEY (shard, id)
);

create table action_before (
  shard bigint not null,
  action_id text collate "C" not null,
  fingerprint uuid not null,
  issue_id text collate "C" not null,
  at timestamp with time zone not null,
  before jsonb,
  constraint action_before_pkey PRIMARY KEY (shard, action_id, fingerprint)
);

create table admission_rule (
  organisation bigint not null,
  id text collate "C" not null,
  is_enabled boolean not null,
  cloned_from text,
  title text,
  sentence text,
  types text[],
  conditions jsonb,
  actor text not null,
  at timestamp with time zone not null,
  constraint admission_rule_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint admission_rule_pkey PRIMARY KEY (organisation, id)
);

create table advisory_fix (
  shard bigint not null,
  advisory text collate "C" not null,
  since timestamp with time zone not null,
  constraint advisory_fix_pkey PRIMARY KEY (shard, advisory)
);

create table advisory_rating (
  organisation bigint not null,
  advisory text collate "C" not null,
  vector text,
  severity text,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint advisory_rating_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint advisory_rating_pkey PRIMARY KEY (organisation, advisory),
  constraint advisory_rating_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text, 'info'::text])))
);

create table alias (
  organisation bigint not null,
  kind text not null,
  name text collate "C" not null,
  target text collate "C" not null,
  target_kind text,
  target_name text,
  origin text not null,
  learned_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  constraint alias_kind_check CHECK ((kind = ANY (ARRAY['advisory'::text, 'resource'::text, 'member'::text]))),
  constraint alias_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint alias_pkey PRIMARY KEY (organisation, kind, name, target)
);

create table api_token (
  hash bytea not null,
  organisation bigint not null,
  person_id text collate "C" not null,
  id text collate "C" not null,
  kind text not null,
  name text not null,
  last_four text not null,
  role text,
  source text,
  scope jsonb,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_token_check CHECK (((kind = 'ing'::text) = (source IS NOT NULL))),
  constraint api_token_kind_check CHECK ((kind = ANY (ARRAY['pat'::text, 'ing'::text, 'svc'::text, 'mcp'::text]))),
  constraint api_token_organisation_id_key UNIQUE (organisation, id),
  constraint api_token_pkey PRIMARY KEY (hash)
);

create table attack_path (
  shard bigint not null,
  fingerprint uuid not null,
  body jsonb not null,
  constraint attack_path_pkey PRIMARY KEY (shard, fingerprint)
);

create table attack_path_gate (
  shard bigint not null,
  issue_id text collate "C" not null,
  path_issue_id text collate "C" not null,
  constraint attack_path_gate_pkey PRIMARY KEY (shard, issue_id, path_issue_id)
);

create table attack_path_search (
  organisation bigint not null,
  at timestamp with time zone not null,
  rules text not null,
  notes text[] not null,
  constraint attack_path_search_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint attack_path_search_pkey PRIMARY KEY (organisation)
);

create table automation_rule (
  organisation bigint not null,
  id text collate "C" not null,
  type text not null,
  position integer not null,
  name text not null,
  is_enabled boolean not null,
  finding_types text[] not null,
  query text not null,
  action jsonb not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint automation_rule_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint automation_rule_pkey PRIMARY KEY (organisation, id),
  constraint automation_rule_type_check CHECK ((type = ANY (ARRAY['severity'::text, 'mute'::text, 'due_date'::text, 'inbox'::text, 'assign'::text, 'ticket'::text])))
);

create table bom (
  shard bigint not null,
  scope_id bigint not null,
  source_id text collate "C" not null,
  request jsonb not null,
  resource jsonb not null,
  report_at timestamp with time zone not null,
  due_at timestamp with time zone,
  matched text,
  is_retired boolean not null default false,
  constraint bom_pkey PRIMARY KEY (shard, scope_id)
);
CREATE INDEX bom_due ON public.bom USING btree (shard, due_at) WHERE (due_at IS NOT NULL);

create table bom_package (
  shard bigint not null,
  scope_id bigint not null,
  package text collate "C" not null,
  version text collate "C" not null,
  release text collate "C" not null,
  body jsonb not null,
  constraint bom_package_pkey PRIMARY KEY (shard, scope_id, package, version, release)
);
CREATE INDEX bom_package_name ON public.bom_package USING btree (shard, package);

create table catalogue_entry (
  shard bigint not null,
  source_id text collate "C" not null,
  body jsonb not null,
  scope_id bigint not null,
  file text collate "C" not null,
  entity text collate "C" not null,
  kind text not null,
  is_retired boolean not null default false,
  constraint catalogue_entry_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'code-owners'::text, 'vex'::text]))),
  constraint catalogue_entry_pkey PRIMARY KEY (shard, source_id, scope_id, file, entity)
);
CREATE INDEX catalogue_entry_vex ON public.catalogue_entry USING btree (shard, ((body ->> 'advisory'::text))) WHERE (kind = 'vex'::text);

create table comment (
  shard bigint not null,
  id text collate "C" not null,
  issue_id text collate "C" not null,
  author text not null,
  at timestamp with time zone not null,
  text text,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  constraint comment_pkey PRIMARY KEY (shard, id)
);
CREATE INDEX comment_issue ON public.comment USING btree (shard, issue_id);

create table control_edit (
  organisation bigint not null,
  control text collate "C" not null,
  vector text,
  accessibility text,
  impact text,
  is_inbox boolean,
  severity text,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint control_edit_accessibility_check CHECK ((accessibility = ANY (ARRAY['private'::text, 'public'::text]))),
  constraint control_edit_impact_check CHECK ((impact = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'critical'::text]))),
  constraint control_edit_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint control_edit_pkey PRIMARY KEY (organisation, control),
  constraint control_edit_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text, 'info'::text]))),
  constraint control_edit_vector_check CHECK ((vector = ANY (ARRAY['required_privileges'::text, 'vulnerability'::text, 'no_authorization'::text])))
);

create table data_clue (
  shard bigint not null,
  resource_key text collate "C" not null,
  source_id text collate "C" not null,
  id text collate "C" not null,
  body jsonb not null,
  is_retired boolean not null default false,
  constraint data_clue_pkey PRIMARY KEY (shard, resource_key, source_id, id)
);

create table decision (
  shard bigint not null,
  fingerprint uuid not null,
  kind text not null,
  value jsonb not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint decision_pkey PRIMARY KEY (shard, fingerprint, kind)
);

create table delivery (
  shard bigint not null,
  id text collate "C" not null,
  kind text not null,
  issue_id text collate "C" not null,
  origin text collate "C" not null,
  receiver text collate "C" not null,
  state text not null,
  body jsonb not null,
  wanted_at timestamp with time zone not null,
  wanted_by text not null,
  next_at timestamp with time zone,
  attempts integer not null,
  counted_on date,
  made_at timestamp with time zone,
  key text,
  url text,
  sentence text,
  told text not null default 'open'::text,
  tellings integer not null default 0,
  is_closed boolean not null default false,
  follow_at timestamp with time zone,
  follow_attempts integer not null default 0,
  constraint delivery_kind_check CHECK ((kind = ANY (ARRAY['ticket'::text, 'workflow'::text, 'event'::text]))),
  constraint delivery_pkey PRIMARY KEY (shard, id),
  constraint delivery_shard_issue_id_origin_key UNIQUE (shard, issue_id, origin),
  constraint delivery_state_check CHECK ((state = ANY (ARRAY['passed_over'::text, 'waiting'::text, 'made'::text, 'failed'::text, 'withdrawn'::text]))),
  constraint delivery_told_check CHECK ((told = ANY (ARRAY['open'::text, 'resolved'::text, 'muted'::text])))
);
CREATE INDEX delivery_counted ON public.delivery USING btree (shard, origin, counted_on) WHERE (counted_on IS NOT NULL);
CREATE INDEX delivery_due ON public.delivery USING btree (shard, next_at) WHERE (state = 'waiting'::text);
CREATE INDEX delivery_made ON public.delivery USING btree (shard, id) WHERE ((kind = 'ticket'::text) AND (state = 'made'::text));

create table entry_memory (
  shard bigint not null,
  scope_id bigint not null,
  part integer not null,
  program text not null,
  made_at timestamp with time zone not null,
  entries bytea not null,
  constraint entry_memory_pkey PRIMARY KEY (shard, scope_id, part)
);

create table event (
  shard bigint not null,
  id text collate "C" not null,
  at timestamp with time zone not null,
  actor text not null,
  verb text not null,
  subject text not null,
  details jsonb not null,
  seq bigint,
  digest bytea,
  constraint event_pkey PRIMARY KEY (shard, id)
);
CREATE UNIQUE INDEX event_seq ON public.event USING btree (shard, seq) WHERE (seq IS NOT NULL);
CREATE INDEX event_subject ON public.event USING btree (shard, subject, at DESC);

create table event_anchor (
  shard bigint not null,
  from_seq bigint not null,
  to_seq bigint not null,
  digest_before bytea not null,
  digest bytea not null,
  at timestamp with time zone not null,
  signature bytea not null,
  constraint event_anchor_pkey PRIMARY KEY (shard, from_seq)
);

create table event_chain (
  shard bigint not null,
  length bigint not null,
  digest bytea not null,
  constraint event_chain_pkey PRIMARY KEY (shard)
);

create table feed (
  id text not null,
  origin text not null,
  version text,
  content_at timestamp with time zone not null,
  read_at timestamp with time zone not null,
  entries bigint not null,
  constraint feed_pkey PRIMARY KEY (id)
);

create table feed_emerging (
  advisory text collate "C" not null,
  until timestamp with time zone not null,
  reason text,
  constraint feed_emerging_pkey PRIMARY KEY (advisory)
);

create table feed_epss (
  advisory text collate "C" not null,
  score real not null,
  percentile real not null,
  constraint feed_epss_pkey PRIMARY KEY (advisory)
);

create table feed_exploitdb (
  advisory text collate "C" not null,
  entries text[] not null,
  modules text[] not null,
  constraint feed_exploitdb_pkey PRIMARY KEY (advisory)
);

create table feed_ghsa (
  package text collate "C" not null,
  record text collate "C" not null,
  release text collate "C" not null,
  modified_at timestamp with time zone,
  body jsonb not null,
  constraint feed_ghsa_pkey PRIMARY KEY (package, record, release)
);
CREATE INDEX feed_ghsa_record ON public.feed_ghsa USING btree (record);

create table feed_kev (
  advisory text collate "C" not null,
  added_at timestamp with time zone,
  is_ransomware boolean not null,
  title text not null,
  due_at timestamp with time zone,
  constraint feed_kev_pkey PRIMARY KEY (advisory)
);

create table feed_metasploit (
  advisory text collate "C" not null,
  attacks text[] not null,
  auxiliary text[] not null,
  constraint feed_metasploit_pkey PRIMARY KEY (advisory)
);

create table feed_nuclei (
  advisory text collate "C" not null,
  templates text[] not null,
  constraint feed_nuclei_pkey PRIMARY KEY (advisory)
);

create table feed_nvd (
  advisory text collate "C" not null,
  published_at timestamp with time zone,
  modified_at timestamp with time zone,
  is_rejected boolean not null,
  title text,
  claims jsonb not null,
  exploit_references text[] not null,
  constraint feed_nvd_pkey PRIMARY KEY (advisory)
);

create table feed_osv (
  package text collate "C" not null,
  record text collate "C" not null,
  release text collate "C" not null,
  modified_at timestamp with time zone,
  body jsonb not null,
  constraint feed_osv_pkey PRIMARY KEY (package, record, release)
);
CREATE INDEX feed_osv_record ON public.feed_osv USING btree (record);

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
  mark text,
  is_open boolean not null,
  first_seen timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_why text,
  reopened_at timestamp with time zone,
  summary jsonb not null,
  likeness bigint not null,
  fine_likeness bigint not null generated always as (((('x'::text || encode(substr(sha256((replace(((COALESCE(((summary -> 'title'::text))::text, '""'::text) || COALESCE(((summary -> 'fixable'::text))::text, 'null'::text)) || COALESCE(tool_check, ''::text)), '\'::text, '\\'::text))::bytea), 1, 8), 'hex'::text)))::bit(64))::bigint) stored,
  constraint finding_pkey PRIMARY KEY (shard, fingerprint)
);
CREATE INDEX finding_advisory ON public.finding USING btree (shard, advisory) WHERE (advisory IS NOT NULL);
CREATE INDEX finding_closed ON public.finding USING btree (shard, closed_at) WHERE (NOT is_open);
CREATE INDEX finding_code_flaw ON public.finding USING btree (shard, fingerprint) WHERE (is_open AND (type = 'code_vulnerability'::text) AND ((summary ->> 'severity'::text) = ANY (ARRAY['critical'::text, 'high'::text])));
CREATE INDEX finding_dangling ON public.finding USING btree (shard, fingerprint) WHERE (is_open AND (control = ANY (ARRAY['route53.dangling-record'::text, 'cloudfront.dangling-origin'::text])));
CREATE INDEX finding_issue ON public.finding USING btree (shard, issue_id, is_open, likeness, resource_key, fingerprint) INCLUDE (first_seen, reopened_at, resource_kind, fine_likeness);
CREATE INDEX finding_opening ON public.finding USING btree (shard, fingerprint) WHERE (is_open AND (type = 'secret'::text) AND ((summary ? 'opens'::text) OR (summary ? 'isLeaked'::text)));
CREATE INDEX finding_pipeline ON public.finding USING btree (shard, fingerprint) WHERE (is_open AND (resource_kind = 'repository'::text) AND ((tool_check ~ '(untrusted-checkout|actions/code-injection|dangerous-triggers|template-injection|pull-request-target|workflow-run-target|run-shell-injection|github-script-injection|self-hosted-runner|pr_runs_on_self_hosted|unpinned-uses|actions/unpinned-tag|third-party-action-not-pinned)'::text) OR (advisory ~~ 'MAL-%'::text)));
CREATE INDEX finding_resource ON public.finding USING btree (shard, resource_key);
CREATE INDEX finding_tried ON public.finding USING btree (shard, tool_check, fingerprint) WHERE (is_open AND (type = 'api_finding'::text));

create table fix (
  shard bigint not null,
  id text collate "C" not null,
  gate jsonb not null,
  assignee text,
  due_at timestamp with time zone,
  actor text not null,
  at timestamp with time zone not null,
  constraint fix_pkey PRIMARY KEY (shard, id)
);

create table format_memory (
  organisation bigint not null,
  format text not null,
  body jsonb not null,
  constraint format_memory_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint format_memory_pkey PRIMARY KEY (organisation, format)
);

create table inbox_version (
  shard bigint not null,
  version bigint not null,
  forgotten bigint not null,
  constraint inbox_version_pkey PRIMARY KEY (shard)
);

create table inventory_coverage (
  shard bigint not null,
  estate text collate "C" not null,
  place text collate "C" not null,
  type text collate "C" not null,
  source_id text collate "C" not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  collected_at timestamp with time zone not null,
  complete text not null,
  held integer not null default 0,
  held_of integer not null default 0,
  held_since timestamp with time zone,
  held_why text,
  is_retired boolean not null default false,
  constraint inventory_coverage_complete_check CHECK ((complete = ANY (ARRAY['yes'::text, 'partial'::text]))),
  constraint inventory_coverage_pkey PRIMARY KEY (shard, estate, place, type, source_id)
);

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
  due_at timestamp with time zone,
  assignee text,
  team text,
  lead uuid,
  open_findings integer not null,
  first_seen timestamp with time zone not null,
  valid_until timestamp with time zone,
  version bigint not null default 0,
  snoozed_until timestamp with time zone,
  regressed_at timestamp with time zone,
  overdue_told timestamp with time zone,
  service_names text[],
  accounts text[],
  fix text collate "C",
  constraint issue_pkey PRIMARY KEY (shard, id)
);
CREATE INDEX issue_advisory ON public.issue USING btree (shard, advisory) WHERE (advisory IS NOT NULL);
CREATE INDEX issue_all ON public.issue USING btree (shard, rank DESC, id DESC) WHERE ((NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_exploit_available ON public.issue USING btree (shard, rank DESC, id DESC) WHERE ((((risks_yes)::integer & 8) <> 0) AND (NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_in_production ON public.issue USING btree (shard, rank DESC, id DESC) WHERE ((((risks_yes)::integer & 16) <> 0) AND (NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_inbox ON public.issue USING btree (shard, rank DESC, id DESC) WHERE (is_admitted AND (NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_privileged_access ON public.issue USING btree (shard, rank DESC, id DESC) WHERE ((((risks_yes)::integer & 2) <> 0) AND (NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_publicly_accessible ON public.issue USING btree (shard, rank DESC, id DESC) WHERE ((((risks_yes)::integer & 1) <> 0) AND (NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_type ON public.issue USING btree (shard, type, rank DESC, id DESC) WHERE ((NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_under_attack ON public.issue USING btree (shard, rank DESC, id DESC) WHERE ((((risks_yes)::integer & 4) <> 0) AND (NOT is_muted) AND (status = ANY (ARRAY['open'::text, 'in_progress'::text])));
CREATE INDEX issue_valid_until ON public.issue USING btree (shard, valid_until) WHERE (valid_until IS NOT NULL);
CREATE INDEX issue_versions ON public.issue USING btree (shard, version);

create table issue_redirect (
  shard bigint not null,
  id text collate "C" not null,
  target text collate "C" not null,
  at timestamp with time zone not null,
  constraint issue_redirect_pkey PRIMARY KEY (shard, id)
);

create table issue_tally (
  shard bigint not null,
  status text collate "C" not null,
  is_muted boolean not null,
  is_admitted boolean not null,
  type text collate "C" not null,
  severity smallint not null,
  risks_yes smallint not null,
  risks_unknown smallint not null,
  held_back_by text[] not null,
  issues bigint not null,
  open_findings bigint not null,
  constraint issue_tally_pkey PRIMARY KEY (shard, status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by)
);

create table issue_text (
  shard bigint not null,
  id text collate "C" not null,
  text text collate "C" not null,
  constraint issue_text_pkey PRIMARY KEY (shard, id)
);
CREATE INDEX issue_text_words ON public.issue_text USING gin (shard, text extension.gin_trgm_ops);

create table kept_answer (
  organisation bigint not null,
  key bytea not null,
  request bytea not null,
  body jsonb not null,
  at timestamp with time zone not null,
  constraint kept_answer_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint kept_answer_pkey PRIMARY KEY (organisation, key)
);

create table migration (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone not null,
  constraint migration_pkey PRIMARY KEY (number)
);

create table network (
  organisation bigint not null,
  cidr text collate "C" not null,
  label text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint network_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint network_pkey PRIMARY KEY (organisation, cidr)
);

create table organisation (
  id bigint not null,
  name text not null,
  alias_version bigint not null default 0,
  severity_basis text not null default 'adjusted'::text,
  epss_rule text not null default 'ours'::text,
  check_names text,
  privileged_access text not null default 'P0-P3'::text,
  acceptance_days_max integer not null default 365,
  acceptance_needs_approval boolean not null default false,
  constraint organisation_epss_rule_check CHECK ((epss_rule = ANY (ARRAY['ours'::text, 'reference'::text]))),
  constraint organisation_pkey PRIMARY KEY (id),
  constraint organisation_privileged_access_check CHECK ((privileged_access = ANY (ARRAY['P0-P3'::text, 'P0-P4'::text]))),
  constraint organisation_severity_basis_check CHECK ((severity_basis = ANY (ARRAY['adjusted'::text, 'base'::text])))
);

create table outbox (
  shard bigint not null,
  id text collate "C" not null,
  at timestamp with time zone not null,
  actor text not null,
  verb text not null,
  subject text not null,
  details jsonb not null,
  constraint outbox_pkey PRIMARY KEY (shard, id)
);

create table owner_preference (
  organisation bigint not null,
  kind text not null,
  subject text collate "C" not null,
  value text collate "C" not null default ''::text,
  owner text,
  note text,
  actor text not null,
  at timestamp with time zone not null,
  constraint owner_preference_kind_check CHECK ((kind = ANY (ARRAY['tag'::text, 'exclusion'::text, 'accepted'::text]))),
  constraint owner_preference_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint owner_preference_pkey PRIMARY KEY (organisation, kind, subject, value)
);

create table person (
  organisation bigint not null,
  id text collate "C" not null,
  name text not null,
  role text not null,
  created_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  constraint person_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint person_organisation_name_key UNIQUE (organisation, name),
  constraint person_pkey PRIMARY KEY (organisation, id),
  constraint person_role_check CHECK ((role = ANY (ARRAY['read'::text, 'triage'::text, 'administer'::text])))
);

create table receiver (
  organisation bigint not null,
  name text collate "C" not null,
  kind text not null,
  address text not null,
  project text,
  ticket_type text,
  account text,
  allows_private boolean not null,
  wants_events boolean not null,
  secret bytea not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  last_at timestamp with time zone,
  last_failure text,
  least_severity text,
  digest_minutes integer,
  constraint receiver_digest_minutes_check CHECK ((digest_minutes > 0)),
  constraint receiver_kind_check CHECK ((kind = ANY (ARRAY['github'::text, 'jira'::text, 'webhook'::text]))),
  constraint receiver_least_severity_check CHECK ((least_severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text, 'info'::text]))),
  constraint receiver_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint receiver_pkey PRIMARY KEY (organisation, name)
);

create table rekeyed (
  shard bigint not null,
  own uuid not null,
  fingerprint uuid not null,
  advisory text collate "C",
  resource_key text collate "C" not null,
  identity jsonb not null,
  at timestamp with time zone not null,
  united jsonb not null default '[]'::jsonb,
  constraint rekeyed_pkey PRIMARY KEY (shard, own)
);
CREATE INDEX rekeyed_advisory ON public.rekeyed USING btree (shard, advisory) WHERE (advisory IS NOT NULL);
CREATE INDEX rekeyed_fingerprint ON public.rekeyed USING btree (shard, fingerprint);
CREATE INDEX rekeyed_resource ON public.rekeyed USING btree (shard, resource_key);

create table relation (
  shard bigint not null,
  kind text not null,
  from_key text collate "C" not null,
  to_key text collate "C" not null,
  digest text not null,
  image_id text not null,
  reference text not null,
  source_id text collate "C" not null,
  seen_at timestamp with time zone not null,
  constraint relation_pkey PRIMARY KEY (shard, kind, from_key, to_key, digest, image_id, reference)
);
CREATE INDEX relation_image_id ON public.relation USING btree (shard, image_id) WHERE (image_id <> ''::text);
CREATE INDEX relation_to ON public.relation USING btree (shard, kind, to_key);

create table report_mapping (
  organisation bigint not null,
  name text collate "C" not null,
  text text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint report_mapping_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint report_mapping_pkey PRIMARY KEY (organisation, name)
);

create table resource (
  shard bigint not null,
  key text collate "C" not null,
  kind text not null,
  type text not null,
  name text not null,
  account text,
  region text,
  estate text collate "C",
  tags jsonb not null,
  facts jsonb,
  source_id text collate "C",
  seen_at timestamp with time zone,
  listed_by text[],
  captured_at timestamp with time zone,
  is_second_hand boolean not null default false,
  described_in text,
  gone_at timestamp with time zone,
  environment text,
  services text[] not null default '{}'::text[],
  team text,
  declared jsonb,
  attribution jsonb,
  production jsonb not null,
  publicly_accessible jsonb not null,
  privileged_access jsonb not null,
  exposure jsonb not null default '[]'::jsonb,
  privilege jsonb not null default '{"level": "unknown", "reasons": []}'::jsonb,
  valid_until timestamp with time zone,
  described_at timestamp with time zone,
  tags_at timestamp with time zone,
  tag_times jsonb,
  gone_with text collate "C",
  gone_relations jsonb,
  constraint resource_pkey PRIMARY KEY (shard, key)
);
CREATE INDEX resource_entered ON public.resource USING btree (shard, key) WHERE ((gone_at IS NULL) AND (((publicly_accessible ->> 'state'::text) = 'yes'::text) OR ((privilege)::text ~~ '%can be assumed % any%'::text)));
CREATE INDEX resource_estate ON public.resource USING btree (shard, estate) WHERE (estate IS NOT NULL);
CREATE INDEX resource_gone ON public.resource USING btree (shard, gone_at) WHERE (gone_at IS NOT NULL);
CREATE INDEX resource_served ON public.resource USING btree (shard, key) WHERE ((gone_at IS NULL) AND (facts IS NOT NULL) AND (type = 'resource-part'::text) AND (((facts -> 'Facts'::text) -> 'Website'::text) = 'true'::jsonb));
CREATE INDEX resource_services ON public.resource USING gin (shard, services);
CREATE INDEX resource_type ON public.resource USING btree (shard, type) WHERE ((gone_at IS NULL) AND (facts IS NOT NULL));
CREATE INDEX resource_valid_until ON public.resource USING btree (shard, valid_until) WHERE (valid_until IS NOT NULL);
CREATE INDEX resource_words ON public.resource USING gin (shard, key extension.gin_trgm_ops, name extension.gin_trgm_ops);

create table resource_alias (
  shard bigint not null,
  alias text collate "C" not null,
  key text collate "C" not null,
  source_id text collate "C" not null,
  confidence real not null,
  seen_at timestamp with time zone not null,
  until_at timestamp with time zone,
  constraint resource_alias_pkey PRIMARY KEY (shard, alias, key, seen_at)
);
CREATE INDEX resource_alias_key ON public.resource_alias USING btree (shard, key);

create table resource_creator (
  shard bigint not null,
  resource_key text collate "C" not null,
  source_id text collate "C" not null,
  name text not null,
  call text not null,
  created_at timestamp with time zone not null,
  constraint resource_creator_pkey PRIMARY KEY (shard, resource_key, source_id)
);

create table rule_match (
  shard bigint not null,
  issue_id text collate "C" not null,
  rule_id text collate "C" not null,
  taken_by text collate "C" not null,
  findings integer not null,
  constraint rule_match_pkey PRIMARY KEY (shard, issue_id, rule_id, taken_by)
);

create table scan (
  organisation bigint not null,
  id text collate "C" not null,
  source_id text collate "C" not null,
  scope_id bigint not null,
  files text[] not null,
  sha256 text not null,
  format text not null,
  tool_version text,
  report_at timestamp with time zone not null,
  arrived_at timestamp with time zone not null,
  actor text not null,
  is_complete boolean not null,
  flags text[] not null default '{}'::text[],
  counts jsonb not null,
  sentence text not null,
  covers bigint[],
  before jsonb,
  ended uuid[],
  constraint scan_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint scan_pkey PRIMARY KEY (organisation, id)
);
CREATE INDEX scan_scope ON public.scan USING btree (organisation, scope_id, arrived_at DESC);

create table scan_change (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  fingerprint uuid not null,
  before jsonb,
  covers bigint[] not null,
  constraint scan_change_pkey PRIMARY KEY (shard, scope_id, scan_id, fingerprint)
);

create table scan_finding (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  fingerprint uuid not null,
  before jsonb not null,
  constraint scan_finding_pkey PRIMARY KEY (shard, scope_id, scan_id, fingerprint)
);

create table scan_issue (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  issue_id text collate "C" not null,
  before jsonb not null,
  closed_at timestamp with time zone,
  constraint scan_issue_pkey PRIMARY KEY (shard, scope_id, scan_id, issue_id)
);

create table scan_unit (
  shard bigint not null,
  scope_id bigint not null,
  scan_id text collate "C" not null,
  cover bigint not null,
  looked_at timestamp with time zone,
  constraint scan_unit_pkey PRIMARY KEY (shard, scope_id, scan_id, cover)
);

create table scope (
  organisation bigint not null,
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
  services text[] not null default '{}'::text[],
  team text,
  first_report_at timestamp with time zone not null,
  last_report_at timestamp with time zone not null,
  last_sha256 text,
  is_counting boolean not null default true,
  not_counting_since timestamp with time zone,
  retired_at timestamp with time zone,
  constraint scope_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint scope_organisation_source_id_key_key UNIQUE (organisation, source_id, key),
  constraint scope_pkey PRIMARY KEY (organisation, id)
);
CREATE INDEX scope_image ON public.scope USING btree (organisation, source_id, image_key) WHERE (image_key IS NOT NULL);
CREATE INDEX scope_image_id ON public.scope USING btree (organisation, image_id) WHERE (image_id IS NOT NULL);
CREATE INDEX scope_not_counting ON public.scope USING btree (organisation, not_counting_since) WHERE (not_counting_since IS NOT NULL);

create table session (
  hash bytea not null,
  organisation bigint not null,
  person_id text collate "C" not null,
  role text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (hash)
);

create table shared_view (
  organisation bigint not null,
  name text collate "C" not null,
  search jsonb not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint shared_view_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint shared_view_pkey PRIMARY KEY (organisation, name)
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
  first_seen timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  gone_why text,
  held_since timestamp with time zone,
  held_why text,
  content jsonb not null,
  checks jsonb,
  constraint sighting_pkey PRIMARY KEY (shard, scope_id, fingerprint)
);
CREATE INDEX sighting_finding ON public.sighting USING btree (shard, fingerprint);
CREATE INDEX sighting_gone ON public.sighting USING btree (shard, gone_at) WHERE (gone_at IS NOT NULL);
CREATE INDEX sighting_held ON public.sighting USING btree (shard, scope_id) WHERE ((gone_at IS NULL) AND (held_since IS NOT NULL));

create table sighting_cover (
  shard bigint not null,
  scope_id bigint not null,
  fingerprint uuid not null,
  cover bigint not null,
  constraint sighting_cover_pkey PRIMARY KEY (shard, scope_id, fingerprint, cover)
);

create table sighting_digest (
  shard bigint not null,
  scope_id bigint not null,
  part integer not null,
  traits jsonb not null,
  entries bytea not null,
  open integer,
  held integer,
  constraint sighting_digest_pkey PRIMARY KEY (shard, scope_id, part)
);

create table sign_in_link (
  hash bytea not null,
  organisation bigint not null,
  person_id text collate "C" not null,
  host text not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint sign_in_link_pkey PRIMARY KEY (hash)
);

create table signal (
  shard bigint not null,
  resource_key text collate "C" not null,
  id text collate "C" not null,
  source_id text collate "C" not null,
  tool text not null,
  rule text not null,
  title text not null,
  severity smallint,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  count bigint not null,
  is_attack boolean not null,
  is_on_service boolean not null default false,
  account text,
  details jsonb not null,
  stated_at timestamp with time zone,
  constraint signal_pkey PRIMARY KEY (shard, resource_key, id)
);
CREATE INDEX signal_last ON public.signal USING btree (shard, last_at);

create table signal_coverage (
  organisation bigint not null,
  source_id text collate "C" not null,
  place text collate "C" not null,
  at timestamp with time zone not null,
  constraint signal_coverage_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint signal_coverage_pkey PRIMARY KEY (organisation, source_id, place)
);

create table source (
  organisation bigint not null,
  id text collate "C" not null,
  name text not null,
  tool text not null,
  is_named boolean not null,
  created_at timestamp with time zone not null,
  retired_at timestamp with time zone,
  merged_into text collate "C",
  last_report_at timestamp with time zone,
  looks bigint[] not null default '{}'::bigint[],
  rhythm_days integer,
  constraint source_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint source_pkey PRIMARY KEY (organisation, id)
);

create unlogged table stage_sighting (
  shard bigint not null,
  import_id bigint not null,
  seq bigint not null,
  file integer not null,
  fingerprint uuid not null,
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
  summary jsonb not null,
  likeness bigint not null,
  checks jsonb,
  constraint stage_sighting_pkey PRIMARY KEY (shard, import_id, fingerprint, seq)
);

create table unlisted_unit (
  shard bigint not null,
  scope_id bigint not null,
  cover bigint not null,
  looked_at timestamp with time zone not null,
  constraint unlisted_unit_pkey PRIMARY KEY (shard, scope_id, cover)
);

create table watch (
  organisation bigint not null,
  id text collate "C" not null,
  location text not null,
  options jsonb not null,
  every_minutes integer not null,
  allows_private boolean not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  next_at timestamp with time zone not null,
  etag text,
  last_modified text,
  digest text,
  looked_at timestamp with time zone,
  state text,
  sentence text,
  constraint watch_organisation_fkey FOREIGN KEY (organisation) REFERENCES organisation(id),
  constraint watch_pkey PRIMARY KEY (organisation, id)
);
