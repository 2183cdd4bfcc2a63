import { type Instant, instantTextOrNull } from '#base/instant.ts';
import type { Connection } from '../database.ts';
import { dropResolvedIssues } from '../drop-empty-issues.ts';
import { saveSearchedTexts } from '../issue-search.ts';
import { dropEmptyTallies, NEXT_VERSION, talliedStatement } from '../issue-tally.ts';
import type { Organisation } from '../organisation.ts';
import { restateResolved } from '../roll-up.ts';
import type { ReplayedFindings, UndoneRef } from './replay-findings.ts';

const KEPT_COLUMNS =
  'title, advisory, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank, is_admitted, admitted_by, held_back_by, is_muted, regressed_at, due_at, assignee, team, lead, service_names, accounts, fix';

const RESTORE = talliedStatement({
  before: (kinds) => `select ${kinds} from issue where shard = $1 and id = any($2::text[])`,
  after: (
    kinds,
  ) => `update issue set version = ${NEXT_VERSION}, (${KEPT_COLUMNS}) = (select ${KEPT_COLUMNS} from scan_issue, jsonb_populate_record(null::issue, scan_issue.before)
      where scan_issue.shard = $1 and scan_issue.scope_id = $3 and scan_issue.scan_id = $4 and scan_issue.issue_id = issue.id)
    where shard = $1 and id = any($2::text[]) returning ${kinds}`,
  answer: 'select',
});

/** A finding that was open at any time: one of an image that never counted is closed from its first sight on. */
const WAS_EVER_OPEN = '(is_open or reopened_at is not null or closed_at <> first_seen)';

/**
 * Issues are what their findings make them: as old as the first that was ever open, and not there where none was. One
 * that is resolved again shows how it stood last, where the same findings closed last as then.
 */
export async function restoreIssues(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  { scopeId, scanId }: UndoneRef,
  issueIds: readonly string[],
  { movedFrom, openedBy }: ReplayedFindings,
): Promise<void> {
  const { shard } = organisation;
  await connection.query(
    `update issue set first_seen = seen.first_seen
     from (select issue_id, min(first_seen) as first_seen from finding where shard = $1 and issue_id = any($2::text[]) and ${WAS_EVER_OPEN} group by issue_id) as seen
     join jsonb_to_recordset($3) as moved (issue_id text, first_seen timestamptz) on moved.issue_id = seen.issue_id
     where issue.shard = $1 and issue.id = seen.issue_id and issue.first_seen = moved.first_seen`,
    [
      shard,
      issueIds,
      JSON.stringify(
        movedFrom.map(({ issueId, firstSeen }) => ({
          issue_id: issueId,
          first_seen: instantTextOrNull(firstSeen),
        })),
      ),
    ],
  );
  const resolved = await connection.query<{ id: string; was_open: boolean; is_kept: boolean }>(
    `select issue.id, closed.was_open, scan_issue.closed_at is not distinct from closed.at and scan_issue.before ->> 'status' = 'resolved' as is_kept
     from issue join lateral (select max(closed_at) as at, bool_or(${WAS_EVER_OPEN}) as was_open from finding where finding.shard = $1 and finding.issue_id = issue.id) as closed on true
     left join scan_issue on scan_issue.shard = $1 and scan_issue.scope_id = $3 and scan_issue.scan_id = $4 and scan_issue.issue_id = issue.id
     where issue.shard = $1 and issue.id = any($2::text[]) and issue.status = 'resolved'`,
    [shard, issueIds, scopeId, scanId],
  );
  const idsWhere = (matches: (row: (typeof resolved.rows)[number]) => boolean) =>
    resolved.rows.filter(matches).map((row) => row.id);
  await dropResolvedIssues(
    connection,
    shard,
    idsWhere((row) => !row.was_open),
  );
  const kept = idsWhere((row) => row.was_open && row.is_kept);
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
    idsWhere((row) => row.was_open && !row.is_kept),
  );
  await handOver(connection, shard, scopeId, scanId, openedBy);
}

/**
 * How an issue stood when it was resolved before the scan is what later scans find, up to the first that opens it: it is
 * theirs to keep.
 */
async function handOver(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  scanId: string,
  openedBy: ReplayedFindings['openedBy'],
): Promise<void> {
  const openings = JSON.stringify(
    [...openedBy].map(([issueId, scan]) => ({
      issue_id: issueId,
      scope_id: String(scan.scope_id),
      scan_id: scan.id,
    })),
  );
  await connection.query(
    `update scan_issue set before = kept.before, closed_at = kept.closed_at
     from scan_issue as kept left join jsonb_to_recordset($4) as opening (issue_id text, scan_id text) on opening.issue_id = kept.issue_id
     where kept.shard = $1 and kept.scope_id = $2 and kept.scan_id = $3 and scan_issue.shard = $1 and scan_issue.issue_id = kept.issue_id
       and scan_issue.scan_id > $3 and (opening.scan_id is null or scan_issue.scan_id <= opening.scan_id)`,
    [shard, scopeId, scanId, openings],
  );
  await connection.query(
    `insert into scan_issue (shard, scope_id, scan_id, issue_id, before, closed_at)
     select $1, opening.scope_id, opening.scan_id, kept.issue_id, kept.before, kept.closed_at
     from scan_issue as kept join jsonb_to_recordset($4) as opening (issue_id text, scope_id bigint, scan_id text) on opening.issue_id = kept.issue_id
     where kept.shard = $1 and kept.scope_id = $2 and kept.scan_id = $3
     on conflict (shard, scope_id, scan_id, issue_id) do nothing`,
    [shard, scopeId, scanId, openings],
  );
}
