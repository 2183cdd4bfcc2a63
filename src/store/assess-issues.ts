import { smallest } from '#base/extremes.ts';
import type { Instant } from '#base/instant.ts';
import { nextFlipOf } from '#domain/automation/fine-signature.ts';
import { rulesInForce } from '#domain/automation/rules-in-force.ts';
import { effectiveControls } from '#domain/control/effective-controls.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import {
  type AssessedIssue,
  assessIssue,
  type IssueSettings,
  type Member,
} from '#domain/inbox/assess-issue.ts';
import { effectiveRules } from '#domain/inbox/effective-rules.ts';
import { unknownAdvisory } from '#domain/risk/advisory-facts.ts';
import { AssessmentMemo } from '#domain/risk/assessment-memo.ts';
import { assumedPlace } from '#domain/risk/assumed-place.ts';
import { unknownResource } from '#domain/risk/deployment.ts';
import { ScoreMemo } from '#domain/severity/score-memo.ts';
import { loadAdvisories } from './advisories.ts';
import { fixSinceOf, loadFixes } from './advisory-fixes.ts';
import { loadPathRisks } from './attackpath/load-paths.ts';
import { loadPathsThrough } from './attackpath/load-paths-through.ts';
import { loadCodeOwners } from './code-owners.ts';
import { loadControlEdits } from './control-edits.ts';
import type { Queryable } from './database.ts';
import { loadDecisions } from './decisions.ts';
import { loadStandIns } from './group-members.ts';
import type { Organisation } from './organisation.ts';
import { loadCommonSettings, loadRatings, loadRuleEdits } from './organisation-settings.ts';
import { loadResourcePlaces } from './resource-places.ts';
import { loadResourceContexts } from './resources.ts';
import { loadServiceRunners } from './service-runners.ts';
import { loadSourcesOfScopes, SHOWING_SCOPES } from './showing-sources.ts';
import { loadVexWords } from './vex-words.ts';
import { loadRunningWorkloads, runningOf } from './workloads.ts';

interface FindingRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly issue_key: string;
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly tool_check: string | null;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly resource_name: string;
  readonly place: string;
  readonly first_seen: Instant;
  readonly reopened_at: Instant | null;
  readonly summary: FindingSummary;
  readonly scopes: readonly string[];
}

/** An issue with its open findings, as the domain assesses it. */
export interface LoadedIssue {
  readonly id: string;
  readonly key: string;
  readonly advisory: string | null;
  readonly firstSeen: Instant;
  readonly openFindings: number;
  readonly assessed: AssessedIssue;
}

/** What every assessment of one moment shares. What the organisation left as it came is not asked for one by one. */
export async function loadSettings(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
): Promise<IssueSettings> {
  const { scoring, automation, feeds, has } = await loadCommonSettings(db, organisation);
  return {
    now,
    feeds,
    ...scoring,
    scores: new ScoreMemo(),
    assessments: new AssessmentMemo(),
    controls: effectiveControls(has.controlEdits ? await loadControlEdits(db, organisation) : new Map()),
    ratings: has.ratings ? await loadRatings(db, organisation) : new Map(),
    rules: (has.ruleEdits ? effectiveRules(await loadRuleEdits(db, organisation)) : DEFAULT_RULES).filter(
      (rule) => rule.isEnabled,
    ),
    automation: rulesInForce(automation),
  };
}

const DEFAULT_RULES = effectiveRules({ switchedOff: new Map(), own: [] });

/**
 * Assesses these issues from every one of their open findings, with the evidence: for looking at one of them.
 * Issues without an open finding are left out.
 */
export function assessIssues(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  issueIds: readonly string[],
): Promise<readonly LoadedIssue[]> {
  return assessWhere(db, organisation, now, 'issue_id = any($2::text[]) and is_open', issueIds);
}

/** The same, as if these findings were all that is open. */
export function assessFindings(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  fingerprints: readonly string[],
): Promise<readonly LoadedIssue[]> {
  return assessWhere(db, organisation, now, 'fingerprint = any($2::uuid[]) and is_open', fingerprints);
}

/** The same of findings that are closed, as if they were all that is open. */
export function assessClosed(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  fingerprints: readonly string[],
): Promise<readonly LoadedIssue[]> {
  return assessWhere(db, organisation, now, 'fingerprint = any($2::uuid[]) and not is_open', fingerprints);
}

async function assessWhere(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  condition: string,
  values: readonly string[],
): Promise<readonly LoadedIssue[]> {
  const { shard } = organisation;
  const findings = await db.query<FindingRow>(
    `select fingerprint, issue_id, issue_key, type, advisory, control, tool_check, resource_key, resource_kind, resource_name, place, first_seen, reopened_at, summary, ${SHOWING_SCOPES} as scopes
      from finding where shard = $1 and ${condition} `,
    [shard, values],
  );
  const rows = findings.rows;
  if (rows.length === 0) return [];
  const images = distinct(rows.filter((row) => row.resource_kind === 'image').map((row) => row.resource_key));
  const workloads = await loadRunningWorkloads(db, shard, images);
  const groups = await loadStandIns(db, shard, rows);
  const resourceKeys = distinct([
    ...rows.map((row) => row.resource_key),
    ...[...workloads.values()].flat().map((workload) => workload.key),
    ...[...groups.values()].flat(),
  ]);
  const own = await loadResourceContexts(db, organisation, now, resourceKeys);
  const runners = await loadServiceRunners(db, shard, rows, (key) => own.get(key));
  const resources = new Map([...(await loadResourceContexts(db, organisation, now, runners.keys)), ...own]);
  const fixes = await loadFixes(db, shard, distinct(rows.flatMap((row) => row.advisory ?? [])));
  const decisions = await loadDecisions(
    db,
    shard,
    rows.map((row) => row.fingerprint),
  );
  const settings = await loadSettings(db, organisation, now);
  const advisories = await loadAdvisories(
    db,
    distinct(rows.flatMap((row) => row.advisory ?? [])),
    settings.feeds,
  );
  const places = settings.automation.fineFields.has('place')
    ? await loadResourcePlaces(db, shard, resourceKeys)
    : new Map();
  const sources = await loadSourcesOfScopes(db, organisation);
  const pathRisks = await loadPathRisks(
    db,
    shard,
    rows.flatMap((row) => (row.type === 'attack_path' ? [row.fingerprint] : [])),
  );
  const codeOwners = await loadCodeOwners(
    db,
    shard,
    rows.map((row) => row.resource_key),
  );

  const vex = await loadVexWords(db, organisation, distinct(rows.map((row) => row.issue_id)));
  const paths = await loadPathsThrough(db, shard, distinct(rows.map((row) => row.issue_id)));

  return [...Map.groupBy(rows, (row) => row.issue_id)].map(([id, members]) => {
    const first = members[0] as FindingRow;
    const assessed = assessIssue(
      members.map(
        (row): Member => ({
          finding: {
            fingerprint: row.fingerprint,
            type: row.type,
            control: row.control,
            toolCheck: row.tool_check,
            summary: row.summary,
            pathRisks: pathRisks.get(row.fingerprint),
            resource:
              resources.get(row.resource_key) ??
              unknownResource(row.resource_key, row.resource_kind, row.resource_name),
            workloads: runningOf(workloads.get(row.resource_key), row.summary.scopes).flatMap(
              ({ key, assumed }) => {
                const context = resources.get(key);
                return context === undefined ? [] : assumedPlace(context, assumed);
              },
            ),
            machines: (groups.get(row.resource_key) ?? []).flatMap((key) => resources.get(key) ?? []),
            codeOwners: codeOwners({ ...row, locations: row.summary.locations }),
            runners: runners.of(row, own.get(row.resource_key)).flatMap((key) => resources.get(key) ?? []),
            advisory:
              row.advisory === null ? null : (advisories.get(row.advisory) ?? unknownAdvisory(row.advisory)),
          },
          decisions: decisions(row.fingerprint),
          reopenedAt: row.reopened_at,
          vex: vex.get(row.fingerprint),
          told: {
            firstSeen: row.first_seen,
            findings: 1,
            issue: { id: row.issue_id, key: row.issue_key },
            resource: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
            fixSince: fixSinceOf(fixes, row.summary.fixable, row.advisory, row.first_seen),
            places: [
              row.resource_key,
              ...runningOf(workloads.get(row.resource_key), row.summary.scopes).map(({ key }) => key),
            ].flatMap((key) => places.get(key) ?? []),
            sources: row.scopes.flatMap((scope) => sources.get(scope) ?? []),
            flipsAt: nextFlipOf(settings.automation, row.type, row.first_seen, now),
          },
        }),
      ),
      settings,
      paths.get(id),
    );
    return {
      id,
      key: first.issue_key,
      advisory: first.advisory,
      firstSeen: smallest(members.map((row) => row.first_seen)) ?? now,
      openFindings: members.length,
      assessed,
    };
  });
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
