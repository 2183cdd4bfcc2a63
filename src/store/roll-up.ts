import { type Instant, instantTextOrNull } from '#base/instant.ts';
import type { AssessedIssue } from '#domain/inbox/assess-issue.ts';
import { DETECTED_RISKS, type RiskState } from '#domain/risk/detected-risk.ts';
import { severityRank } from '#domain/severity/severity.ts';
import { assessAlike } from './assess-alike.ts';
import { assessClosed, type LoadedIssue, loadSettings } from './assess-issues.ts';
import { type Connection, LOCK } from './database.ts';
import { saveSearchedTexts } from './issue-search.ts';
import { dropEmptyTallies, NEXT_VERSION, talliedStatement } from './issue-tally.ts';
import { tellTurns } from './issue-turns.ts';
import type { Organisation } from './organisation.ts';
import { saveMatches } from './rule-matches.ts';
import { wantTickets } from './wanted-tickets.ts';

const ISSUES_PER_CHUNK = 1_000;

/** What mends a finding, by its fingerprint: the package to upgrade or the control to meet. */
function fixOf(fingerprint: string): string {
  return `(select case when finding.control is not null then 'control:' || finding.control
      when finding.type in ('library_vulnerability', 'infrastructure_vulnerability') and finding.place like '%/%' then 'package:' || finding.place end
    from finding where finding.shard = $1 and finding.fingerprint = ${fingerprint})`;
}

/** The same of the lead of an issue; of an attack path, that of the finding which opens it first, else the opening itself. */
const FIX = `case when given.type <> 'attack_path' then ${fixOf('given.lead')}
  else (select coalesce(${fixOf("(attack_path.body #>> '{fixes,0,saidBy}')::uuid")}, 'opening:' || (attack_path.body #>> '{fixes,0,fix}'))
    from attack_path where attack_path.shard = $1 and attack_path.fingerprint = given.lead) end`;

const SAVE = talliedStatement({
  sources: `given as (select * from jsonb_to_recordset($2) as row (id text, key text, type text, title text, advisory text, severity smallint, score real, risks_yes smallint, risks_unknown smallint,
      risk_count smallint, resources integer, services integer, impact integer, rank bigint, is_admitted boolean, admitted_by text[], held_back_by text[], is_muted boolean, status text, snoozed_until timestamptz, regressed_at timestamptz,
      due_at timestamptz, assignee text, team text, lead uuid, open_findings integer, first_seen timestamptz, valid_until timestamptz, service_names text[], accounts text[])), `,
  before: (kinds) => `select ${kinds} from issue where shard = $1 and id in (select id from given)`,
  after: (
    kinds,
  ) => `insert into issue (shard, id, key, type, title, advisory, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank,
      is_admitted, admitted_by, held_back_by, is_muted, status, snoozed_until, regressed_at, due_at, assignee, team, lead, open_findings, first_seen, valid_until, service_names, accounts, fix, version)
    select $1, id, key, type, title, advisory, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank,
      is_admitted, admitted_by, held_back_by, is_muted, status, snoozed_until, regressed_at, due_at, assignee, team, lead, open_findings, first_seen, valid_until, service_names, accounts, ${FIX}, ${NEXT_VERSION}
    from given
    on conflict (shard, id) do update set
      title = excluded.title, advisory = excluded.advisory, severity = excluded.severity, score = excluded.score, risks_yes = excluded.risks_yes,
      risks_unknown = excluded.risks_unknown, risk_count = excluded.risk_count, resources = excluded.resources, services = excluded.services,
      impact = excluded.impact, rank = excluded.rank, is_admitted = excluded.is_admitted, admitted_by = excluded.admitted_by,
      held_back_by = excluded.held_back_by, is_muted = excluded.is_muted, status = excluded.status,
      snoozed_until = excluded.snoozed_until, regressed_at = excluded.regressed_at,
      due_at = excluded.due_at, assignee = excluded.assignee, team = excluded.team, lead = excluded.lead, open_findings = excluded.open_findings,
      first_seen = least(issue.first_seen, excluded.first_seen), valid_until = excluded.valid_until,
      service_names = excluded.service_names, accounts = excluded.accounts, fix = excluded.fix, version = excluded.version
    returning ${kinds}`,
  answer: 'select',
});

const RESOLVE = talliedStatement({
  before: (kinds) => `select ${kinds} from issue where shard = $1 and id = any($2::text[])`,
  after: (kinds) =>
    `update issue set status = 'resolved', snoozed_until = null, open_findings = 0, valid_until = null, version = ${NEXT_VERSION} where shard = $1 and id = any($2::text[]) returning ${kinds}`,
  answer: 'select',
});

/**
 * Assesses the given issues anew from their open findings and stores their rows. The one place where an
 * issue's severity, risks, admission and rank are computed, and where rules act; listings only read them.
 */
export async function rollUpIssues(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: Iterable<string>,
  tell: (done: number) => void = () => undefined,
  { isRuleChange = false }: { readonly isRuleChange?: boolean } = {},
): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1, $2)', [
    LOCK.organisation,
    Number(organisation.id),
  ]);
  const settings = await loadSettings(connection, organisation, now);
  const hasTickets = settings.automation.rules.ticket.length > 0;
  const moment = { now, isRuleChange };
  let done = 0;
  for (const chunk of chunksOf(issueIds)) {
    const filled = new Set<string>();
    for await (const loaded of assessAlike(connection, organisation, settings, chunk)) {
      await saveIssues(connection, organisation.shard, loaded);
      await saveMatches(
        connection,
        organisation.shard,
        loaded.map(({ id }) => id),
        loaded,
      );
      await tellTurns(connection, organisation.shard, now, loaded);
      if (hasTickets) await wantTickets(connection, organisation.shard, moment, loaded, []);
      for (const issue of loaded) filled.add(issue.id);
    }
    const empty = chunk.filter((id) => !filled.has(id));
    await resolveIssues(connection, organisation.shard, empty);
    await saveMatches(connection, organisation.shard, empty, []);
    if (hasTickets && empty.length > 0) await wantTickets(connection, organisation.shard, moment, [], empty);
    done += chunk.length;
    tell(done);
  }
  await dropEmptyTallies(connection, organisation.shard);
}

/**
 * Resolved issues of which nobody knows how they stood last: they are what their findings say that closed last,
 * as of now.
 */
export async function restateResolved(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: readonly string[],
): Promise<void> {
  const { shard } = organisation;
  for (const chunk of chunksOf(issueIds)) {
    const last = await connection.query<{ fingerprint: string }>(
      `select fingerprint from (select fingerprint, closed_at, max(closed_at) over (partition by issue_id) as last_at
         from finding where shard = $1 and issue_id = any($2::text[])) as closed where closed_at = last_at`,
      [shard, chunk],
    );
    const fingerprints = last.rows.map((row) => row.fingerprint);
    await saveIssues(connection, shard, await assessClosed(connection, organisation, now, fingerprints));
    await resolveIssues(connection, shard, chunk);
  }
  await dropEmptyTallies(connection, shard);
}

function* chunksOf(ids: Iterable<string>): Iterable<readonly string[]> {
  let chunk: string[] = [];
  for (const id of ids) {
    chunk.push(id);
    if (chunk.length < ISSUES_PER_CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

async function saveIssues(
  connection: Connection,
  shard: bigint,
  issues: readonly LoadedIssue[],
): Promise<void> {
  if (issues.length === 0) return;
  const rows = issues.map(({ id, key, advisory, firstSeen, openFindings, assessed }) => ({
    id,
    key,
    type: assessed.type,
    title: assessed.title,
    advisory,
    severity: severityRank(assessed.severity),
    score: assessed.score,
    risks_yes: riskBits(assessed, 'yes'),
    risks_unknown: riskBits(assessed, 'unknown'),
    risk_count: assessed.riskCount,
    resources: assessed.resources,
    services: assessed.services,
    impact: assessed.impact,
    rank: String(assessed.rank),
    is_admitted: assessed.isAdmitted,
    admitted_by: assessed.admittedBy,
    held_back_by: assessed.heldBackBy,
    is_muted: assessed.isMuted,
    status: assessed.status,
    snoozed_until: instantTextOrNull(assessed.snoozedUntil),
    regressed_at: instantTextOrNull(assessed.regressedAt),
    due_at: instantTextOrNull(assessed.dueAt),
    assignee: assessed.assignee,
    team: assessed.team,
    lead: assessed.lead.finding.fingerprint,
    service_names: listOrNull(assessed.serviceNames),
    accounts: listOrNull(assessed.accounts),
    open_findings: openFindings,
    first_seen: instantTextOrNull(firstSeen),
    valid_until: instantTextOrNull(assessed.validUntil),
  }));
  await connection.query({
    name: 'save-issues',
    text: SAVE,
    values: [shard, JSON.stringify(rows)],
  });
  await saveSearchedTexts(
    connection,
    shard,
    issues.map(({ id, key, assessed }) => ({ id, key, title: assessed.title })),
  );
}

async function resolveIssues(connection: Connection, shard: bigint, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await connection.query({ name: 'resolve-issues', text: RESOLVE, values: [shard, ids] });
}

function listOrNull(names: readonly string[]): readonly string[] | null {
  return names.length === 0 ? null : names;
}

/** One bit per detected risk, the first risk lowest. */
function riskBits({ riskStates }: AssessedIssue, state: RiskState): number {
  return DETECTED_RISKS.reduce(
    (bits, risk, index) => bits | (riskStates[risk] === state ? 1 << index : 0),
    0,
  );
}
