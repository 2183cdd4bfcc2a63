import type { Instant } from '#base/instant.ts';
import type { MendedIssue } from '#domain/ports/inbox-store.ts';
import { assessFindings } from './assess-issues.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

/** Findings that are assessed of all that is left; more are those of lesser severity. */
const LEFT_MAX = 5_000;

interface LeftRow {
  readonly issue_id: string;
  readonly left: number;
}

/** The issues of these findings, and these issues, as they would be if the findings, and all of the issues, were mended. */
export async function loadMendedIssues(
  db: Queryable,
  organisation: Organisation,
  now: Instant,
  fingerprints: readonly string[],
  issueIds: readonly string[],
): Promise<readonly MendedIssue[]> {
  const { shard } = organisation;
  if (fingerprints.length === 0 && issueIds.length === 0) return [];
  const counts = await db.query<LeftRow>({
    name: 'what-is-left-of-issues',
    text: `select issue_id, count(*) filter (where fingerprint <> all($2::uuid[]) and issue_id <> all($3::text[]))::integer as left from finding
      where shard = $1 and is_open and issue_id in (select issue_id from finding where shard = $1 and (fingerprint = any($2::uuid[]) or issue_id = any($3::text[])) and is_open)
      group by issue_id order by issue_id`,
    values: [shard, fingerprints, issueIds],
  });
  const some = counts.rows.flatMap(({ issue_id, left }) => (left > 0 ? [issue_id] : []));
  const findings = await db.query<{ fingerprint: string }>({
    name: 'gravest-findings-left',
    text: `select fingerprint from finding where shard = $1 and is_open and issue_id = any($2::text[]) and fingerprint <> all($3::uuid[])
      order by array_position('{critical,high,medium,low,info}', summary ->> 'severity'), fingerprint limit $4`,
    values: [shard, some, fingerprints, LEFT_MAX],
  });
  const assessed = new Map(
    (
      await assessFindings(
        db,
        organisation,
        now,
        findings.rows.map(({ fingerprint }) => fingerprint),
      )
    ).map((issue) => [issue.id, issue.assessed]),
  );
  return counts.rows.map(({ issue_id, left }) => ({
    id: issue_id,
    left,
    assessed: assessed.get(issue_id) ?? null,
  }));
}
