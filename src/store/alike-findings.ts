import type { Instant } from '#base/instant.ts';
import type { FineField } from '#domain/automation/rules-in-force.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { Queryable } from './database.ts';
import { FIX_OF_FINDING } from './fix-of-issue.ts';
import type { FineFacts, KeptSummaries } from './kept-summaries.ts';
import { SHOWING_SCOPES } from './showing-sources.ts';

/** Open findings of one issue that are alike and on one resource. */
export interface AlikeRow {
  readonly issue_id: string;
  readonly likeness: string;
  readonly resource_key: string;
  readonly resource_kind: string;
  /** The smallest. */
  readonly fingerprint: string;
  readonly findings: number;
  readonly first_seen: Instant;
  /** Where a rule asks for it. */
  readonly resource_name?: string;
  readonly scopes?: readonly string[];
  /** The same where the fine facts are. */
  readonly fine_likeness?: string;
  /** The latest. */
  readonly reopened_at: Instant | null;
}

/** What findings of one issue that are alike are about. */
export interface CommonIdentity {
  readonly issue_key: string;
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly tool_check: string | null;
}

/** What the findings of one issue that are alike have in common. */
interface Common extends CommonIdentity {
  /** What findings alike are assessed from, and nothing that only people read. */
  readonly summary: FindingSummary;
}

/** Such findings with what a rule asks of them. */
interface FineRow extends AlikeRow {
  readonly fine?: FineFacts;
}

/** Such findings with what they have in common. */
export interface AlikeGroup extends FineRow {
  readonly common: Common;
}

const FINE_LIKENESS = { by: 'fine_likeness::text', as: 'fine_likeness' };

/** What findings do not share that are alike on one resource, told apart only where a rule asks for it. */
const FINE_COLUMNS: Readonly<Record<FineField, { readonly by: string; readonly as?: string }>> = {
  fixable: FINE_LIKENESS,
  first_seen: { by: 'first_seen' },
  title: FINE_LIKENESS,
  resource: { by: 'resource_name', as: 'resource_name' },
  kind: { by: 'resource_kind' },
  // Checks of several tools may mean one control, and several of one tool the same weakness in code.
  check: FINE_LIKENESS,
  // Groups are of one resource already.
  place: { by: 'resource_key' },
  source: { by: SHOWING_SCOPES, as: 'scopes' },
  // Whose a file is follows from its path.
  team: { by: `case when ${isInFilesSql()} then fingerprint end` },
};

function isInFilesSql(): string {
  return "resource_kind in ('repository', 'artifact')";
}

/**
 * Findings by what they are alike in. Decisions are about single findings: each of those is a group of its own. What no rule asks
 * for is in one index, so that a million findings are grouped without looking at them.
 */
export async function loadGroups(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
  decided: readonly string[],
  fine: ReadonlySet<FineField>,
  limit: number | null,
): Promise<readonly AlikeRow[]> {
  const asked = [...fine].sort();
  const apart = [...new Set(asked.map((field) => FINE_COLUMNS[field]))];
  const told = apart.flatMap(({ by, as }) => (as === undefined ? [] : [`, ${by} as ${as}`])).join('');
  const by = apart.map((each) => `, ${each.by}`).join('');
  const grouped = await db.query<AlikeRow>({
    name: `alike-findings ${askedBits(fine)}`,
    text: `select issue_id, likeness::text, resource_key, min(resource_kind) as resource_kind, min(fingerprint::text collate "C") as fingerprint, count(*)::integer as findings,
        min(first_seen) as first_seen, max(reopened_at) as reopened_at${told}
      from finding where shard = $1 and issue_id = any($2::text[]) and is_open and ($3::uuid[] is null or fingerprint <> all($3::uuid[]))
      group by issue_id, likeness, resource_key${by} limit $4`,
    values: [shard, issueIds, decided.length === 0 ? null : decided, limit],
  });
  if (decided.length === 0) return grouped.rows;
  const single = await db.query<AlikeRow>({
    name: `decided-findings-alike ${askedBits(fine)}`,
    text: `select issue_id, likeness::text, resource_key, resource_kind, fingerprint, 1 as findings, first_seen, reopened_at${told}
      from finding where shard = $1 and fingerprint = any($2::uuid[]) and is_open`,
    values: [shard, decided],
  });
  return [...grouped.rows, ...single.rows].slice(0, limit ?? undefined);
}

/** Which fields are asked for, as short as the name of a prepared statement has to be. */
function askedBits(fine: ReadonlySet<FineField>): string {
  return (Object.keys(FINE_COLUMNS) as FineField[]).map((field) => Number(fine.has(field))).join('');
}

/** Adds what their fine likeness says, where a rule asked for that. */
export async function withFine(
  db: Queryable,
  shard: bigint,
  rows: readonly AlikeRow[],
  kept: KeptSummaries,
): Promise<readonly FineRow[]> {
  if (rows[0]?.fine_likeness === undefined) return rows;
  const facts = kept.fine.forSome();
  const asked = rows.flatMap(({ fine_likeness = '', fingerprint }) =>
    facts.want(fine_likeness) ? [fingerprint] : [],
  );
  if (asked.length > 0) {
    const result = await db.query<FineFacts & { readonly fine_likeness: string }>({
      name: 'fine-facts',
      text: `select fine_likeness::text, summary ->> 'title' as title, (summary ->> 'fixable')::boolean as fixable, tool_check
        from finding where shard = $1 and fingerprint = any($2::uuid[])`,
      values: [shard, asked],
    });
    for (const { fine_likeness, ...fine } of result.rows) facts.keep(fine_likeness, fine);
  }
  return rows.map((row) => Object.assign(row, { fine: facts.of(row.fine_likeness ?? '') }));
}

interface CommonRow extends CommonIdentity {
  readonly issue_id: string;
  readonly likeness: string;
  readonly summary: FindingSummary | null;
}

/**
 * Adds what they have in common, of the issues of `identities` as it says there. One summary stands for all findings that are alike,
 * of whichever issue: what it says beside that, titles and fixes, is nothing that is assessed.
 */
export async function withCommon(
  db: Queryable,
  shard: bigint,
  rows: readonly FineRow[],
  kept: KeptSummaries,
  identities: ReadonlyMap<string, CommonIdentity>,
): Promise<readonly AlikeGroup[]> {
  const summaries = kept.summaries.forSome();
  const isAsked = new Map<string, boolean>();
  const examples = new Map<string, AlikeRow>();
  for (const row of rows) {
    if (identities.has(row.issue_id)) {
      if (summaries.want(row.likeness)) isAsked.set(row.fingerprint, true);
      continue;
    }
    const name = nameOf(row);
    const known = examples.get(name);
    if (known === undefined || row.fingerprint < known.fingerprint) examples.set(name, row);
  }
  for (const { fingerprint, likeness } of examples.values())
    isAsked.set(fingerprint, summaries.want(likeness));
  const common = new Map<string, CommonIdentity>();
  if (isAsked.size > 0) {
    const result = await db.query<CommonRow>({
      name: 'common-of-alike',
      text: `select issue_id, issue_key, likeness::text, type, advisory, control, tool_check, case when is_wanted then summary end as summary
        from unnest($2::uuid[], $3::boolean[]) as asked (example, is_wanted) join finding on finding.shard = $1 and finding.fingerprint = asked.example`,
      values: [shard, [...isAsked.keys()], [...isAsked.values()]],
    });
    for (const row of result.rows) {
      if (row.summary !== null) summaries.keep(row.likeness, assessedOf(row.summary));
      common.set(nameOf(row), row);
    }
  }
  return rows.map((row) => {
    const { issue_key, type, advisory, control, tool_check } = (identities.get(row.issue_id) ??
      common.get(nameOf(row))) as CommonIdentity;
    const summary = summaries.of(row.likeness);
    return Object.assign(row, { common: { issue_key, type, advisory, control, tool_check, summary } });
  });
}

/** What only people read is of one finding alone, and goes. */
function assessedOf(summary: FindingSummary): FindingSummary {
  return { ...summary, title: '', fix: null, fixable: null, locations: [], sources: [] };
}

function nameOf({ issue_id, likeness }: Pick<AlikeRow, 'issue_id' | 'likeness'>): string {
  return `${issue_id}${likeness}`;
}

/** What only people read of a finding that leads its issue. */
interface ToldLead {
  /** What its report calls it. */
  readonly title: string;
  /** What mends it, unless it is an attack path; null where nothing is known to. */
  readonly fix: string | null;
}

/** What is told of these findings, by their fingerprints. */
export async function loadToldLeads(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, ToldLead>> {
  if (fingerprints.length === 0) return new Map();
  const result = await db.query<ToldLead & { readonly fingerprint: string }>({
    name: 'told-leads',
    text: `select fingerprint, summary ->> 'title' as title, ${FIX_OF_FINDING} as fix from finding where shard = $1 and fingerprint = any($2::uuid[])`,
    values: [shard, fingerprints],
  });
  return new Map(result.rows.map(({ fingerprint, title, fix }) => [fingerprint, { title, fix }]));
}
