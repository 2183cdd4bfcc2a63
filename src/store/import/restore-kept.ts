import type { Instant } from '#base/instant.ts';
import type { Connection } from '../database.ts';
import { dropResolvedIssues } from '../drop-empty-issues.ts';
import { restateClosed } from '../findings.ts';
import { saveSearchedTexts } from '../issue-search.ts';
import { dropEmptyTallies, NEXT_VERSION, talliedStatement } from '../issue-tally.ts';
import type { Organisation } from '../organisation.ts';
import { restateResolved } from '../roll-up.ts';

/** A scan that is taken back. */
export interface KeptScan {
  readonly scopeId: bigint;
  readonly scanId: string;
  readonly reportAt: Instant;
}

/**
 * What a later scan found of a finding or an issue it found because of the scan that is taken back: without it, it
 * would have found what that one did.
 */
export async function handOverKept(
  connection: Connection,
  shard: bigint,
  { scopeId, scanId }: KeptScan,
): Promise<void> {
  for (const [table, name, columns] of [
    ['scan_finding', 'fingerprint', ['before']],
    ['scan_issue', 'issue_id', ['before', 'closed_at']],
  ] as const)
    await connection.query(
      `update ${table} set ${columns.map((column) => `${column} = kept.${column}`).join(', ')} from ${table} as kept
       where kept.shard = $1 and kept.scope_id = $2 and kept.scan_id = $3 and ${table}.shard = $1 and ${table}.${name} = kept.${name}
         and ${table}.scan_id = (select min(later.scan_id) from ${table} as later where later.shard = $1 and later.${name} = kept.${name} and later.scan_id > $3)`,
      [shard, scopeId, scanId],
    );
}

/** The findings that the scan changed and that were there before it. */
export async function keptFindings(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  scanId: string,
): Promise<readonly string[]> {
  const result = await connection.query<{ fingerprint: string }>(
    'select fingerprint from scan_finding where shard = $1 and scope_id = $2 and scan_id = $3',
    [shard, scopeId, scanId],
  );
  return result.rows.map((row) => row.fingerprint);
}

/** What all sightings of findings tell: since when they are seen, and when and why the last of them went. */
const SEEN = `select owner.fingerprint, min(sighting.first_seen) as first_seen, case when count(*) = count(sighting.gone_at) then max(sighting.gone_at) end as gone_at,
    (array_agg(sighting.gone_why order by sighting.gone_at desc nulls last))[1] as gone_why
  from (select fingerprint as own, fingerprint from unnest($2::uuid[]) as asked (fingerprint)
    union all select own, fingerprint from rekeyed where shard = $1 and fingerprint = any($2::uuid[])) as owner
  join sighting on sighting.shard = $1 and sighting.fingerprint = owner.own group by owner.fingerprint`;

/**
 * When and why findings closed or were open again, and what the closed ones say, is as it was before the scan, where
 * later scans of other scopes left it so; else it is what their sightings tell.
 */
export async function restoreFindings(
  connection: Connection,
  organisation: Organisation,
  { scopeId, scanId, reportAt }: KeptScan,
  touched: readonly string[],
): Promise<void> {
  const { shard } = organisation;
  await restateClosed(connection, organisation, touched);
  await connection.query(
    `update finding set closed_at = kept.closed_at, closed_why = kept.closed_why, reopened_at = kept.reopened_at,
       summary = coalesce(kept.summary, finding.summary), likeness = coalesce(kept.likeness, finding.likeness)
     from scan_finding, jsonb_to_record(scan_finding.before) as kept (is_open boolean, closed_at timestamptz, closed_why text, reopened_at timestamptz, summary jsonb, likeness bigint)
     where scan_finding.shard = $1 and scan_finding.scope_id = $2 and scan_finding.scan_id = $3
       and finding.shard = $1 and finding.fingerprint = scan_finding.fingerprint and finding.is_open = kept.is_open`,
    [shard, scopeId, scanId],
  );
  await connection.query(
    `update finding set first_seen = coalesce(least((kept.before ->> 'first_seen')::timestamptz, seen.first_seen), finding.first_seen)
     from (${SEEN}) as seen left join scan_finding as kept on kept.shard = $1 and kept.scope_id = $3 and kept.scan_id = $4 and kept.fingerprint = seen.fingerprint
     where finding.shard = $1 and finding.fingerprint = seen.fingerprint and finding.first_seen = $5`,
    [shard, touched, scopeId, scanId, new Date(reportAt)],
  );
  await connection.query(
    `update finding set closed_at = seen.gone_at, closed_why = seen.gone_why
     from (${SEEN}) as seen left join scan_finding as kept on kept.shard = $1 and kept.scope_id = $3 and kept.scan_id = $4 and kept.fingerprint = seen.fingerprint
     where finding.shard = $1 and finding.fingerprint = seen.fingerprint and not finding.is_open and seen.gone_at is not null
       and (kept.before is null or (kept.before ->> 'is_open')::boolean or seen.gone_at > (kept.before ->> 'closed_at')::timestamptz)`,
    [shard, touched, scopeId, scanId],
  );
}

const KEPT_COLUMNS =
  'title, advisory, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank, is_admitted, admitted_by, held_back_by, is_muted, due_at, assignee, team, lead';

const RESTORE = talliedStatement({
  before: (kinds) => `select ${kinds} from issue where shard = $1 and id = any($2::text[])`,
  after: (
    kinds,
  ) => `update issue set version = ${NEXT_VERSION}, (${KEPT_COLUMNS}) = (select ${KEPT_COLUMNS} from scan_issue, jsonb_populate_record(null::issue, scan_issue.before)
      where scan_issue.shard = $1 and scan_issue.scope_id = $3 and scan_issue.scan_id = $4 and scan_issue.issue_id = issue.id)
    where shard = $1 and id = any($2::text[]) returning ${kinds}`,
  answer: 'select',
});

/**
 * Issues that the scan opened and that are resolved again show how they stood last, as before it; those that it made
 * older are as old as before.
 */
export async function restoreIssues(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { scopeId, scanId, reportAt }: KeptScan,
  issueIds: readonly string[],
): Promise<void> {
  const { shard } = organisation;
  await connection.query(
    `update issue set first_seen = coalesce((scan_issue.before ->> 'first_seen')::timestamptz, seen.first_seen)
     from (select issue_id, min(first_seen) as first_seen from finding where shard = $1 and issue_id = any($2::text[]) group by issue_id) as seen
     left join scan_issue on scan_issue.shard = $1 and scan_issue.scope_id = $3 and scan_issue.scan_id = $4 and scan_issue.issue_id = seen.issue_id
     where issue.shard = $1 and issue.id = seen.issue_id and (issue.first_seen = $5 or scan_issue.issue_id is not null and issue.first_seen in
       (select finding.first_seen from scan_finding join finding on finding.shard = $1 and finding.fingerprint = scan_finding.fingerprint
        where scan_finding.shard = $1 and scan_finding.scope_id = $3 and scan_finding.scan_id = $4 and finding.issue_id = issue.id and not finding.is_open))`,
    [shard, issueIds, scopeId, scanId, new Date(reportAt)],
  );
  const resolved = await connection.query<{ id: string; is_kept: boolean; was: string | null }>(
    `select issue.id, scan_issue.issue_id is not null and scan_issue.closed_at is not distinct from
         (select max(closed_at) from finding where finding.shard = $1 and finding.issue_id = issue.id) as is_kept, scan_issue.before ->> 'status' as was
     from issue left join scan_issue on scan_issue.shard = $1 and scan_issue.scope_id = $3 and scan_issue.scan_id = $4 and scan_issue.issue_id = issue.id
     where issue.shard = $1 and issue.id = any($2::text[]) and issue.status = 'resolved'`,
    [shard, issueIds, scopeId, scanId],
  );
  const idsWhere = (matches: (row: (typeof resolved.rows)[number]) => boolean) =>
    resolved.rows.filter(matches).map((row) => row.id);
  await dropResolvedIssues(
    connection,
    shard,
    idsWhere((row) => row.is_kept && row.was === null),
  );
  const kept = idsWhere((row) => row.is_kept && row.was === 'resolved');
  if (kept.length > 0) {
    await connection.query(RESTORE, [shard, kept, scopeId, scanId]);
    const texts = await connection.query<{ id: string; title: string; key: string }>(
      'select id, title, key from issue where shard = $1 and id = any($2::text[])',
      [shard, kept],
    );
    await saveSearchedTexts(connection, shard, texts.rows);
    await dropEmptyTallies(connection, shard);
  }
  await restateResolved(
    connection,
    organisation,
    now,
    idsWhere((row) => !row.is_kept || row.was === 'open'),
  );
}
