import type { Instant } from '#base/instant.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import { FINDING_TYPES } from '#domain/finding/finding-type.ts';
import type { ConditionName } from '#domain/inbox/admission.ts';
import type {
  InboxCounts,
  InboxFacets,
  InboxFilter,
  InboxTotals,
  IssueStatus,
} from '#domain/ports/inbox-store.ts';
import { DETECTED_RISKS, type DetectedRisk } from '#domain/risk/detected-risk.ts';
import { SEVERITIES, type Severity, severityRank } from '#domain/severity/severity.ts';
import type { Queryable } from './database.ts';
import type { IssueColumns } from './issue-columns.ts';
import {
  hasRisks,
  hasSeverity,
  hasType,
  type IssueKind,
  isListed,
  isLookedAt,
  isOfFacets,
  isOfKinds,
  LISTED,
} from './issue-kinds.ts';
import { issueCondition } from './issue-query.ts';
import { JOINED_TEXTS, searchPatterns } from './issue-search.ts';
import type { Organisation } from './organisation.ts';

/** How many issues are alike in all that the inbox counts. */
interface Kind extends IssueKind {
  readonly issues: bigint;
}

interface TalliedKind extends Kind {
  readonly held_back_by: readonly ConditionName[];
  readonly open_findings: bigint;
}

/**
 * The counts that go with a filter, exact over all pages. Without words they come from the tally, however many
 * issues there are; with words from the issues in memory, or from one grouping of the issues that have them. So is a
 * condition that asks for more than kinds tell.
 */
export async function countIssues(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  filter: InboxFilter,
  columns: IssueColumns,
): Promise<InboxCounts> {
  const [tally, found] = await Promise.all([
    loadTally(db, organisation, filter),
    isOfTally(filter)
      ? null
      : columns.kindsWith(filter).then((found) => found ?? kindsWith(db, organisation, now, filter)),
  ]);
  const kinds = (found ?? tally).filter((kind) => isLookedAt(kind, filter));
  return { totals: totalsOf(kinds, tally, filter), facets: facetsOf(kinds, filter) };
}

/** How many open findings the issues of a filter have, however many there are; null where the tally does not tell. */
export async function tallyOpenFindings(
  db: Queryable,
  organisation: Organisation,
  filter: InboxFilter,
): Promise<number | null> {
  if (!isOfTally(filter)) return null;
  const tally = await loadTally(db, organisation, filter);
  return tally
    .filter((kind) => isLookedAt(kind, filter) && isOfFacets(kind, filter))
    .reduce((sum, kind) => sum + Number(kind.open_findings), 0);
}

function isOfTally(filter: InboxFilter): boolean {
  return searchPatterns(filter.text).length === 0 && isOfKinds(filter.condition);
}

async function loadTally(
  db: Queryable,
  { shard }: Organisation,
  filter: InboxFilter,
): Promise<readonly TalliedKind[]> {
  const tally = await db.query<TalliedKind>({
    name: 'issue-tally',
    text: `select status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by, issues, open_findings from issue_tally
      where shard = $1 and ((status in ('open', 'in_progress') and not is_muted) or (status = any($2::text[]) and ($3 = 'any' or is_muted = ($3 = 'only'))))`,
    values: [shard, statusesOf(filter), filter.muted],
  });
  return tally.rows;
}

async function kindsWith(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  filter: InboxFilter,
): Promise<readonly Kind[]> {
  const values: unknown[] = [organisation.shard];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const patterns = searchPatterns(filter.text);
  const texts = patterns.map((pattern) => ` and issue_text.text like ${bind(pattern)}`).join('');
  const muted = filter.muted === 'any' ? '' : ` and is_muted = ${bind(filter.muted === 'only')}`;
  const condition =
    filter.condition === null ? '' : ` and ${issueCondition(filter.condition, { organisation, now, bind })}`;
  const result = await db.query<Kind>(
    `select status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, count(*) as issues
     from issue${patterns.length === 0 ? '' : JOINED_TEXTS}
     where issue.shard = $1${texts} and status = any(${bind(statusesOf(filter))}::text[])${muted}${condition}
     group by status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown`,
    values,
  );
  return result.rows;
}

function statusesOf({ statuses }: InboxFilter): readonly IssueStatus[] {
  return statuses.length === 0 ? LISTED : statuses;
}

function facetsOf(kinds: readonly Kind[], filter: InboxFilter): InboxFacets {
  const severity = new Map<number, number>();
  const type = new Map<FindingType, number>();
  const yes = DETECTED_RISKS.map(() => 0);
  const unknown = DETECTED_RISKS.map(() => 0);
  for (const kind of kinds) {
    const issues = Number(kind.issues);
    const [bySeverity, byType, byRisks] = [
      hasSeverity(kind, filter),
      hasType(kind, filter),
      hasRisks(kind, filter),
    ];
    if (byType && byRisks) severity.set(kind.severity, (severity.get(kind.severity) ?? 0) + issues);
    if (bySeverity && byRisks) type.set(kind.type, (type.get(kind.type) ?? 0) + issues);
    if (!bySeverity || !byType) continue;
    for (let index = 0; index < DETECTED_RISKS.length; index++) {
      if (kind.risks_yes & (1 << index)) yes[index] = (yes[index] as number) + issues;
      if (kind.risks_unknown & (1 << index)) unknown[index] = (unknown[index] as number) + issues;
    }
  }
  const record = <K extends string, V>(keys: readonly K[], value: (key: K, index: number) => V) =>
    Object.fromEntries(keys.map((key, index) => [key, value(key, index)])) as Record<K, V>;
  return {
    severity: record<Severity, number>(SEVERITIES, (each) => severity.get(severityRank(each)) ?? 0),
    type: record<FindingType, number>(FINDING_TYPES, (each) => type.get(each) ?? 0),
    risk: record<DetectedRisk, { yes: number; unknown: number }>(DETECTED_RISKS, (_, index) => ({
      yes: yes[index] as number,
      unknown: unknown[index] as number,
    })),
  };
}

function totalsOf(kinds: readonly Kind[], tally: readonly TalliedKind[], filter: InboxFilter): InboxTotals {
  const open = tally.filter((kind) => isListed(kind) && !kind.is_muted);
  const admitted = open.filter((kind) => kind.is_admitted);
  const held = new Map<ConditionName, number>();
  let waiting = 0;
  for (const kind of open) {
    if (kind.is_admitted) continue;
    const findings = Number(kind.open_findings);
    waiting += findings;
    for (const condition of kind.held_back_by) held.set(condition, (held.get(condition) ?? 0) + findings);
  }
  return {
    total: issuesOf(kinds.filter((kind) => isOfFacets(kind, filter))),
    admitted: issuesOf(admitted),
    waiting,
    heldBack: [...held]
      .map(([condition, findings]) => ({ condition, findings }))
      .sort((a, b) => b.findings - a.findings || (a.condition < b.condition ? -1 : 1)),
  };
}

function issuesOf(kinds: readonly Kind[]): number {
  return kinds.reduce((sum, kind) => sum + Number(kind.issues), 0);
}
