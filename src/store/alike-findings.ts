import type { Instant } from '#base/instant.ts';
import type { FineField } from '#domain/automation/rules-in-force.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { Queryable } from './database.ts';
import type { KeptSummaries } from './kept-summaries.ts';
import { SHOWING_SCOPES } from './showing-sources.ts';

/** Open findings of one issue that are alike and on one resource. */
export interface AlikeRow {
  readonly issue_id: string;
  readonly likeness: string;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly resource_name: string;
  /** The smallest. */
  readonly fingerprint: string;
  readonly findings: number;
  readonly first_seen: Instant;
  /** Where a rule asks for it. */
  readonly title?: string;
  readonly fixable?: boolean | null;
  readonly scopes?: readonly string[];
  readonly tool_check?: string | null;
  /** The latest. */
  readonly reopened_at: Instant | null;
}

/** What the findings of one issue that are alike have in common. */
export interface Common {
  /** The finding that stands for them: the smallest. */
  readonly fingerprint: string;
  readonly issue_key: string;
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly tool_check: string | null;
  readonly title: string;
  /** What findings alike are assessed from, and nothing that only people read. */
  readonly summary: FindingSummary;
}

/** Such findings with what they have in common. */
export interface AlikeGroup extends AlikeRow {
  readonly common: Common;
}

/** What findings do not share that are alike on one resource, told apart only where a rule asks for it. */
const FINE_COLUMNS: Readonly<Record<FineField, { readonly by: string; readonly as?: string }>> = {
  fixable: { by: "(summary ->> 'fixable')::boolean", as: 'fixable' },
  first_seen: { by: 'first_seen' },
  title: { by: "summary ->> 'title'", as: 'title' },
  resource: { by: 'resource_name' },
  kind: { by: 'resource_kind' },
  // Checks of several tools may mean one control, and several of one tool the same weakness in code.
  check: { by: 'tool_check', as: 'tool_check' },
  // Groups are of one resource already.
  place: { by: 'resource_key' },
  source: { by: SHOWING_SCOPES, as: 'scopes' },
  // Whose a file is follows from its path.
  team: { by: `case when ${isInFilesSql()} then fingerprint end` },
};

function isInFilesSql(): string {
  return "resource_kind in ('repository', 'artifact')";
}

/** Findings by what they are alike in. Decisions are about single findings: each of those is a group of its own. */
export async function loadGroups(
  db: Queryable,
  shard: bigint,
  issueIds: readonly string[],
  decided: readonly string[],
  fine: ReadonlySet<FineField>,
  limit: number | null,
): Promise<readonly AlikeRow[]> {
  const asked = [...fine].sort();
  const apart = asked.map((field) => FINE_COLUMNS[field]);
  const told = apart.flatMap(({ by, as }) => (as === undefined ? [] : [`, ${by} as ${as}`])).join('');
  const by = apart.map((each) => `, ${each.by}`).join('');
  const grouped = await db.query<AlikeRow>({
    name: `alike-findings ${askedBits(fine)}`,
    text: `select issue_id, likeness::text, resource_key, min(resource_kind) as resource_kind, min(resource_name) as resource_name, min(fingerprint::text collate "C") as fingerprint, count(*)::integer as findings,
        min(first_seen) as first_seen, max(reopened_at) as reopened_at${told}
      from finding where shard = $1 and issue_id = any($2::text[]) and is_open and ($3::uuid[] is null or fingerprint <> all($3::uuid[]))
      group by issue_id, likeness, resource_key${by} limit $4`,
    values: [shard, issueIds, decided.length === 0 ? null : decided, limit],
  });
  if (decided.length === 0) return grouped.rows;
  const single = await db.query<AlikeRow>({
    name: `decided-findings-alike ${askedBits(fine)}`,
    text: `select issue_id, likeness::text, resource_key, resource_kind, resource_name, fingerprint, 1 as findings, first_seen, reopened_at${told}
      from finding where shard = $1 and fingerprint = any($2::uuid[]) and is_open`,
    values: [shard, decided],
  });
  return [...grouped.rows, ...single.rows].slice(0, limit ?? undefined);
}

/** Which fields are asked for, as short as the name of a prepared statement has to be. */
function askedBits(fine: ReadonlySet<FineField>): string {
  return (Object.keys(FINE_COLUMNS) as FineField[]).map((field) => Number(fine.has(field))).join('');
}

/** What is told of a group beside its summary. */
interface CommonRow extends Omit<Common, 'summary'> {
  readonly issue_id: string;
  readonly likeness: string;
  readonly summary: FindingSummary | null;
}

/**
 * Adds what they have in common. One summary stands for all findings that are alike, of whichever issue: what it says beside
 * that, titles and fixes, is nothing that is assessed.
 */
export async function withCommon(
  db: Queryable,
  shard: bigint,
  rows: readonly AlikeRow[],
  kept: KeptSummaries,
): Promise<readonly AlikeGroup[]> {
  const examples = new Map<string, AlikeRow>();
  for (const row of rows) {
    const name = nameOf(row);
    const known = examples.get(name);
    if (known === undefined || row.fingerprint < known.fingerprint) examples.set(name, row);
  }
  const asked = [...examples.values()];
  const summaries = kept.forSome();
  const isWanted = asked.map(({ likeness }) => summaries.want(likeness));
  const result = await db.query<CommonRow>({
    name: 'common-of-alike',
    text: `select fingerprint, issue_id, issue_key, likeness::text, type, advisory, control, tool_check, summary ->> 'title' as title, case when is_wanted then summary end as summary
      from unnest($2::uuid[], $3::boolean[]) as asked (example, is_wanted) join finding on finding.shard = $1 and finding.fingerprint = asked.example`,
    values: [shard, asked.map(({ fingerprint }) => fingerprint), isWanted],
  });
  for (const { likeness, summary } of result.rows) if (summary !== null) summaries.keep(likeness, summary);
  const common = new Map(
    result.rows.map(
      ({ issue_id, likeness, fingerprint, issue_key, type, advisory, control, tool_check, title }) => [
        nameOf({ issue_id, likeness }),
        {
          fingerprint,
          issue_key,
          type,
          advisory,
          control,
          tool_check,
          title,
          summary: summaries.of(likeness),
        },
      ],
    ),
  );
  return rows.map((row) => Object.assign(row, { common: common.get(nameOf(row)) as Common }));
}

function nameOf({ issue_id, likeness }: Pick<AlikeRow, 'issue_id' | 'likeness'>): string {
  return `${issue_id}${likeness}`;
}

/** The titles of those of these findings that stand for no group. */
export async function loadTitles(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
  groups: readonly AlikeGroup[],
): Promise<ReadonlyMap<string, string>> {
  const titles = new Map(groups.map(({ common }) => [common.fingerprint, common.title]));
  const missing = fingerprints.filter((fingerprint) => !titles.has(fingerprint));
  if (missing.length === 0) return titles;
  const result = await db.query<{ fingerprint: string; title: string }>({
    name: 'titles-of-findings',
    text: "select fingerprint, summary ->> 'title' as title from finding where shard = $1 and fingerprint = any($2::uuid[])",
    values: [shard, missing],
  });
  for (const row of result.rows) titles.set(row.fingerprint, row.title);
  return titles;
}
