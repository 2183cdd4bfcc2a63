import { smallest } from '#base/extremes.ts';
import { type Instant, instantTextOrNull } from '#base/instant.ts';
import type { FindingSummary, ScopeContext } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import {
  type AssessedIssue,
  assessIssue,
  type IssueSettings,
  type Member,
} from '#domain/inbox/assess-issue.ts';
import { DEFAULT_RULES } from '#domain/inbox/default-rules.ts';
import { unknownAdvisory } from '#domain/risk/advisory-facts.ts';
import { type ResourceContext, unknownResource } from '#domain/risk/deployment.ts';
import { DETECTED_RISKS, type RiskState } from '#domain/risk/detected-risk.ts';
import { ScoreMemo } from '#domain/severity/score-memo.ts';
import { severityRank } from '#domain/severity/severity.ts';
import { loadAdvisories, loadFeedDates } from './advisories.ts';
import type { Connection, Queryable } from './database.ts';
import { loadDecisions } from './decisions.ts';
import type { Organisation } from './organisation.ts';
import { loadResourceContexts } from './resources.ts';
import { loadRunningWorkloads, type RunningWorkload } from './workloads.ts';

interface FindingRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly issue_key: string;
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly resource_name: string;
  readonly first_seen: Instant;
  readonly summary: FindingSummary;
}

/** An issue with its open findings, as the domain assesses it. */
export interface LoadedIssue {
  readonly id: string;
  readonly key: string;
  readonly advisory: string | null;
  readonly firstSeen: Instant;
  readonly assessed: AssessedIssue;
}

const ISSUES_PER_CHUNK = 500;

/**
 * Assesses the given issues anew from their open findings and stores their rows. The one place where an
 * issue's severity, risks, admission and rank are computed; listings only read them.
 */
export async function rollUpIssues(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: ReadonlySet<string>,
): Promise<void> {
  const ids = [...issueIds].sort();
  for (let from = 0; from < ids.length; from += ISSUES_PER_CHUNK) {
    const chunk = ids.slice(from, from + ISSUES_PER_CHUNK);
    const loaded = await assessIssues(connection, organisation, now, chunk);
    await saveIssues(connection, organisation.shard, loaded);
    const filled = new Set(loaded.map((issue) => issue.id));
    await resolveIssues(
      connection,
      organisation.shard,
      chunk.filter((id) => !filled.has(id)),
    );
  }
}

/** Loads everything that the assessment of these issues looks at, and assesses them. Issues without an open finding are left out. */
export async function assessIssues(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  issueIds: readonly string[],
): Promise<readonly LoadedIssue[]> {
  const { shard } = organisation;
  const findings = await db.query<FindingRow>({
    name: 'findings-of-issues',
    text: `select fingerprint, issue_id, issue_key, type, advisory, control, resource_key, resource_kind, resource_name, first_seen, summary
      from finding where shard = $1 and issue_id = any($2::text[]) and is_open`,
    values: [shard, issueIds],
  });
  const rows = findings.rows;
  if (rows.length === 0) return [];
  const images = distinct(rows.filter((row) => row.resource_kind === 'image').map((row) => row.resource_key));
  const workloads = await loadRunningWorkloads(db, shard, images);
  const resourceKeys = distinct([
    ...rows.map((row) => row.resource_key),
    ...[...workloads.values()].flat().map((workload) => workload.key),
  ]);
  const resources = await loadResourceContexts(db, organisation, now, resourceKeys);
  const advisories = await loadAdvisories(db, distinct(rows.flatMap((row) => row.advisory ?? [])));
  const decisions = await loadDecisions(
    db,
    shard,
    rows.map((row) => row.fingerprint),
  );
  const settings: IssueSettings = {
    now,
    feeds: await loadFeedDates(db),
    epssRule: 'ours',
    scores: new ScoreMemo(),
    rules: DEFAULT_RULES,
  };

  return [...Map.groupBy(rows, (row) => row.issue_id)].map(([id, members]) => {
    const first = members[0] as FindingRow;
    const assessed = assessIssue(
      members.map(
        (row): Member => ({
          finding: {
            fingerprint: row.fingerprint,
            type: row.type,
            control: row.control,
            summary: row.summary,
            resource:
              resources.get(row.resource_key) ??
              unknownResource(row.resource_key, row.resource_kind, row.resource_name),
            workloads: runningOf(row, workloads, resources),
            advisory:
              row.advisory === null ? null : (advisories.get(row.advisory) ?? unknownAdvisory(row.advisory)),
          },
          decisions: decisions(row.fingerprint),
        }),
      ),
      settings,
    );
    return {
      id,
      key: first.issue_key,
      advisory: first.advisory,
      firstSeen: smallest(members.map((row) => row.first_seen)) ?? now,
      assessed,
    };
  });
}

/** The workloads that run one of the digests in which this finding is open. */
function runningOf(
  row: FindingRow,
  workloads: ReadonlyMap<string, readonly RunningWorkload[]>,
  resources: ReadonlyMap<string, ResourceContext>,
): readonly ResourceContext[] {
  const running = (workloads.get(row.resource_key) ?? []).filter((workload) =>
    row.summary.scopes.some((scope) => runs(workload, scope)),
  );
  return distinct(running.map((workload) => workload.key)).flatMap((key) => resources.get(key) ?? []);
}

function runs(workload: RunningWorkload, { image }: ScopeContext): boolean {
  if (image === null) return false;
  if (image.digest !== null && workload.digests.has(image.digest)) return true;
  if (image.imageId !== null && workload.imageIds.has(image.imageId)) return true;
  // A tag joins only where neither side knows more than the tag.
  return (
    image.digest === null &&
    image.imageId === null &&
    image.reference !== null &&
    workload.references.has(image.reference)
  );
}

async function saveIssues(
  connection: Connection,
  shard: bigint,
  issues: readonly LoadedIssue[],
): Promise<void> {
  if (issues.length === 0) return;
  const rows = issues.map(({ id, key, advisory, firstSeen, assessed }) => ({
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
    due_at: instantTextOrNull(assessed.dueAt),
    assignee: assessed.assignee,
    team: assessed.team,
    lead: assessed.lead.finding.fingerprint,
    open_findings: assessed.members.length,
    first_seen: instantTextOrNull(firstSeen),
    valid_until: instantTextOrNull(assessed.validUntil),
  }));
  await connection.query({
    name: 'save-issues',
    text: `insert into issue (shard, id, key, type, title, advisory, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank,
        is_admitted, admitted_by, held_back_by, is_muted, status, due_at, assignee, team, lead, open_findings, first_seen, valid_until)
      select $1, id, key, type, title, advisory, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank,
        is_admitted, admitted_by, held_back_by, is_muted, 'open', due_at, assignee, team, lead, open_findings, first_seen, valid_until
      from jsonb_to_recordset($2) as row (id text, key text, type text, title text, advisory text, severity smallint, score real, risks_yes smallint, risks_unknown smallint,
        risk_count smallint, resources integer, services integer, impact integer, rank bigint, is_admitted boolean, admitted_by text[], held_back_by text[], is_muted boolean,
        due_at timestamptz, assignee text, team text, lead uuid, open_findings integer, first_seen timestamptz, valid_until timestamptz)
      on conflict (shard, id) do update set
        title = excluded.title, advisory = excluded.advisory, severity = excluded.severity, score = excluded.score, risks_yes = excluded.risks_yes,
        risks_unknown = excluded.risks_unknown, risk_count = excluded.risk_count, resources = excluded.resources, services = excluded.services,
        impact = excluded.impact, rank = excluded.rank, is_admitted = excluded.is_admitted, admitted_by = excluded.admitted_by,
        held_back_by = excluded.held_back_by, is_muted = excluded.is_muted, status = case when issue.status = 'resolved' then 'open' else issue.status end,
        due_at = excluded.due_at, assignee = excluded.assignee, team = excluded.team, lead = excluded.lead, open_findings = excluded.open_findings,
        first_seen = least(issue.first_seen, excluded.first_seen), valid_until = excluded.valid_until`,
    values: [shard, JSON.stringify(rows)],
  });
}

async function resolveIssues(connection: Connection, shard: bigint, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await connection.query(
    `update issue set status = 'resolved', open_findings = 0, valid_until = null where shard = $1 and id = any($2::text[])`,
    [shard, ids],
  );
}

/** One bit per detected risk, the first risk lowest. */
function riskBits({ riskStates }: AssessedIssue, state: RiskState): number {
  return DETECTED_RISKS.reduce(
    (bits, risk, index) => bits | (riskStates[risk] === state ? 1 << index : 0),
    0,
  );
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
