import type { Instant } from '#base/instant.ts';
import type { FineField } from '#domain/automation/rules-in-force.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { Queryable } from './database.ts';
import { SHOWING_SCOPES } from './showing-sources.ts';

/** Open findings of one issue that are alike and on one resource. */
export interface AlikeRow {
  readonly issue_id: string;
  readonly likeness: bigint;
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
  /** The latest. */
  readonly reopened_at: Instant | null;
}

/** What the findings of one issue that are alike have in common. */
export interface CommonRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly issue_key: string;
  readonly likeness: bigint;
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly tool_check: string | null;
  readonly summary: FindingSummary;
}

/** What findings do not share that are alike on one resource, told apart only where a rule asks for it. */
const FINE_COLUMNS: Readonly<Record<FineField, { readonly by: string; readonly as?: string }>> = {
  fixable: { by: "(summary ->> 'fixable')::boolean", as: 'fixable' },
  first_seen: { by: 'first_seen' },
  title: { by: "summary ->> 'title'", as: 'title' },
  resource: { by: 'resource_name' },
  kind: { by: 'resource_kind' },
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
    name: ['alike-findings', ...asked].join(' '),
    text: `select issue_id, likeness, resource_key, min(resource_kind) as resource_kind, min(resource_name) as resource_name, min(fingerprint::text collate "C") as fingerprint, count(*)::integer as findings,
        min(first_seen) as first_seen, max(reopened_at) as reopened_at${told}
      from finding where shard = $1 and issue_id = any($2::text[]) and is_open and ($3::uuid[] is null or fingerprint <> all($3::uuid[]))
      group by issue_id, likeness, resource_key${by} limit $4`,
    values: [shard, issueIds, decided.length === 0 ? null : decided, limit],
  });
  if (decided.length === 0) return grouped.rows;
  const single = await db.query<AlikeRow>({
    name: ['decided-findings-alike', ...asked].join(' '),
    text: `select issue_id, likeness, resource_key, resource_kind, resource_name, fingerprint, 1 as findings, first_seen, reopened_at${told}
      from finding where shard = $1 and fingerprint = any($2::uuid[]) and is_open`,
    values: [shard, decided],
  });
  return [...grouped.rows, ...single.rows].slice(0, limit ?? undefined);
}

/** Under which name what they have in common is kept. */
export function commonName({ issue_id, likeness }: Pick<AlikeRow, 'issue_id' | 'likeness'>): string {
  return `${issue_id}${likeness}`;
}

/** One summary stands for all findings that are alike: what it says beside that, titles and fixes, is nothing that is assessed. */
export async function loadCommon(
  db: Queryable,
  shard: bigint,
  groups: readonly AlikeRow[],
): Promise<ReadonlyMap<string, CommonRow>> {
  const examples = new Map<string, string>();
  for (const row of groups) {
    const name = commonName(row);
    const known = examples.get(name);
    if (known === undefined || row.fingerprint < known) examples.set(name, row.fingerprint);
  }
  const result = await db.query<CommonRow>({
    name: 'common-of-alike',
    text: 'select fingerprint, issue_id, issue_key, likeness, type, advisory, control, tool_check, summary from finding where shard = $1 and fingerprint = any($2::uuid[])',
    values: [shard, [...examples.values()]],
  });
  return new Map(result.rows.map((row) => [commonName(row), row]));
}

/** The titles of those findings of which no summary was loaded. */
export async function loadTitles(
  db: Queryable,
  shard: bigint,
  fingerprints: readonly string[],
  common: ReadonlyMap<string, CommonRow>,
): Promise<ReadonlyMap<string, string>> {
  const loaded = new Set([...common.values()].map((row) => row.fingerprint));
  const missing = fingerprints.filter((fingerprint) => !loaded.has(fingerprint));
  if (missing.length === 0) return new Map();
  const result = await db.query<{ fingerprint: string; title: string }>({
    name: 'titles-of-findings',
    text: "select fingerprint, summary ->> 'title' as title from finding where shard = $1 and fingerprint = any($2::uuid[])",
    values: [shard, missing],
  });
  return new Map(result.rows.map((row) => [row.fingerprint, row.title]));
}
